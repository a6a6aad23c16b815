/** What a notification says. It names neither product nor pharmacy: it is seen on locked screens. */
export const noticeWords = {
  fr: { changed: 'Votre commande a changé d’état', message: 'La pharmacie vous a écrit', late: 'La pharmacie n’a pas encore répondu', open: 'Ouvrez-la pour la voir.' },
  en: { changed: 'Your order has changed', message: 'The pharmacy has written to you', late: 'The pharmacy has not answered yet', open: 'Open it to see.' },
} as const;

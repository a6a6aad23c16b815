import type { Language } from '../words/language.svelte';

const fr = {
  title: 'Être prévenu',
  help: 'Quand la pharmacie répond, ce téléphone vous prévient, même si cette page est fermée. Le message ne nomme ni produit ni pharmacie.',
  turnOn: 'Me prévenir sur ce téléphone',
  waiting: 'Un instant…',
  on: 'Ce téléphone vous préviendra.',
  turnOff: 'Ne plus me prévenir',
  denied: 'Les notifications sont bloquées pour ce site. Vous pouvez les autoriser dans les réglages du navigateur, puis rouvrir cette page.',
  unsupported: 'Ce navigateur ne sait pas vous prévenir. Sur iPhone, ajoutez d’abord cette page à l’écran d’accueil.',
  failed: 'Cela n’a pas fonctionné. Vérifiez la connexion, puis réessayez.',
};

type PushWords = typeof fr;

const en: PushWords = {
  title: 'Be told',
  help: 'When the pharmacy answers, this phone tells you, even if this page is closed. The message names neither product nor pharmacy.',
  turnOn: 'Tell me on this phone',
  waiting: 'One moment…',
  on: 'This phone will tell you.',
  turnOff: 'Stop telling me',
  denied: 'Notifications are blocked for this site. You can allow them in the browser’s settings, then open this page again.',
  unsupported: 'This browser cannot tell you. On an iPhone, first add this page to the home screen.',
  failed: 'That did not work. Check the connection, then try again.',
};

export function pushWords(language: Language): PushWords {
  return language === 'fr' ? fr : en;
}

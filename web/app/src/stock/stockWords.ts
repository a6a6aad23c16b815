import type { Filter, Level, Lot, Sort } from './stock';

function number(locale: string, digits = 0): (n: number) => string {
  return (n) => n.toLocaleString(locale, { maximumFractionDigits: digits });
}

function euros(locale: string): (cents: number) => string {
  return (cents) => (cents / 100).toLocaleString(locale, { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 });
}

// A date is the same all over the world; only a Date wants a zone.
function date(locale: string, options: Intl.DateTimeFormatOptions): (day: string) => string {
  return (day) => new Date(`${day}T00:00:00Z`).toLocaleDateString(locale, { ...options, timeZone: 'UTC' });
}

const few = number('fr-FR', 1);
const day = date('fr-FR', { day: 'numeric', month: 'short', year: 'numeric' });
const s = (n: number) => (n < 2 ? '' : 's');

/** The words of the counter's stock. */
const fr = {
  title: 'Stock',
  empty: 'Aucun produit n’est encore connu : branchez le logiciel de la pharmacie, ou comptez un produit.',
  count: number('fr-FR'),
  few,
  day,
  week: date('fr-FR', { day: 'numeric', month: 'short' }),
  holds: (boxes: string, products: string, worth: string) => `${boxes} boîtes de ${products} produits, ${worth} au prix public.`,
  asOf: (at: string) => `Stock reçu du logiciel le ${at}.`,
  stale: (at: string) => `Le stock reçu le ${at} est trop ancien : les patients lisent « inconnu » et rien n’est promis, jusqu’au prochain envoi.`,
  dated: (known: string, all: string) => `Péremption connue pour ${known} boîtes sur ${all}.`,
  tooEarly: (days: number) => `Sorties observées depuis ${days} jour${s(days)} : les moyennes se lisent à partir de 14 jours.`,
  unseen: 'Les sorties s’observent à partir du premier envoi du logiciel, ou du premier comptage.',
  observed: (days: number) => `Moyennes des sorties de ${days} jours.`,
  rotation: 'Rotation',
  rotationIs: (own: string, byValue: string | null, trade: number) => `Une boîte reste ${own} jours en rayon${byValue === null ? '' : ` (${byValue} jours en valeur)`} ; dans la profession, environ ${trade} jours.`,
  rotationUnknown: (trade: number) => `Pas encore connue ; dans la profession, environ ${trade} jours.`,
  trade: (days: number) => `profession ≈ ${days} j`,
  days: (n: number) => `${few(n)} j`,
  expiry: 'Péremption',
  expiryBars: { 0: 'périmées', 30: 'sous 30 jours', 60: 'sous 60 jours', 90: 'sous 90 jours' } as Readonly<Record<number, string>>,
  expiryBar: (boxes: number, worth: string) => `${boxes} boîte${s(boxes)} · ${worth}`,
  euros: euros('fr-FR'),
  outflow: 'Sorties par semaine',
  outflowOf: (week: string, boxes: number) => `semaine du ${week} : ${boxes}`,
  thisWeek: 'semaine en cours',
  search: 'Chercher un produit ou un lot',
  show: 'Montrer',
  filters: { all: 'tout', short: 'en rupture', slow: 'dorment', expired: 'périmés', expiring30: 'périment sous 30 j', expiring60: 'sous 60 j', expiring90: 'sous 90 j' } satisfies Record<Filter, string>,
  columns: { name: 'Produit', quantity: 'Boîtes', daysOfStock: 'Jours de stock', expiry: 'Péremption' } satisfies Record<Sort, string>,
  perWeek: 'Par semaine',
  left: 'Sorties',
  leftOf: (weeks: readonly number[]) => `Sorties des ${weeks.length} dernières semaines, la présente en dernier : ${weeks.join(', ')}.`,
  levels: { inStock: 'en stock', low: 'stock bas', outOfStock: 'rupture', unknown: 'inconnu' } satisfies Record<Level, string>,
  held: (held: number) => `${held} réservée${s(held)}`,
  unsellable: (boxes: number) => `${boxes} à écarter`,
  slow: 'dort',
  lots: (lots: number) => `${lots} lots, dans l’ordre de sortie`,
  lot: ({ code, expiry, boxes, expired }: Lot) => `${code === '' ? 'lot non dit' : `lot ${code}`} : ${boxes} boîte${s(boxes)}${expiry === null ? '' : expired ? `, périmé le ${day(expiry)}` : `, jusqu’au ${day(expiry)}`}`,
  found: (total: number) => `${total} produit${s(total)}`,
  none: 'Aucun produit ne correspond.',
  more: (left: number) => `Montrer la suite (${left})`,
  refresh: 'Actualiser',
  caption: 'Produits en rayon',
};

export type StockWords = typeof fr;

const fewEn = number('en-GB', 1);
const dayEn = date('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const boxesEn = (n: number) => `${n} ${n === 1 ? 'box' : 'boxes'}`;

const en: StockWords = {
  title: 'Stock',
  empty: 'No product is known yet: connect the pharmacy’s software, or count a product.',
  count: number('en-GB'),
  few: fewEn,
  day: dayEn,
  week: date('en-GB', { day: 'numeric', month: 'short' }),
  holds: (boxes, products, worth) => `${boxes} boxes of ${products} products, ${worth} at the public’s price.`,
  asOf: (at) => `Stock received from the software on ${at}.`,
  stale: (at) => `The stock received on ${at} is too old: patients read “unknown” and nothing is promised until the next feed.`,
  dated: (known, all) => `Expiry known of ${known} boxes out of ${all}.`,
  tooEarly: (days) => `Boxes have been seen leaving for ${days} day${days === 1 ? '' : 's'}: means are told from 14 days on.`,
  unseen: 'Boxes are seen leaving from the software’s first feed, or from the first count.',
  observed: (days) => `Means over what left in ${days} days.`,
  rotation: 'Rotation',
  rotationIs: (own, byValue, trade) => `A box stays ${own} days on the shelf${byValue === null ? '' : ` (${byValue} days by value)`}; in the trade, about ${trade} days.`,
  rotationUnknown: (trade) => `Not known yet; in the trade, about ${trade} days.`,
  trade: (days) => `trade ≈ ${days} d`,
  days: (n) => `${fewEn(n)} d`,
  expiry: 'Expiry',
  expiryBars: { 0: 'expired', 30: 'within 30 days', 60: 'within 60 days', 90: 'within 90 days' },
  expiryBar: (boxes, worth) => `${boxesEn(boxes)} · ${worth}`,
  euros: euros('en-GB'),
  outflow: 'Boxes that left, by week',
  outflowOf: (week, boxes) => `week of ${week}: ${boxes}`,
  thisWeek: 'this week so far',
  search: 'Find a product or a lot',
  show: 'Show',
  filters: { all: 'all', short: 'out of stock', slow: 'slow movers', expired: 'expired', expiring30: 'expire within 30 d', expiring60: 'within 60 d', expiring90: 'within 90 d' },
  columns: { name: 'Product', quantity: 'Boxes', daysOfStock: 'Days of stock', expiry: 'Expiry' },
  perWeek: 'A week',
  left: 'Left',
  leftOf: (weeks) => `Boxes that left in the last ${weeks.length} weeks, the present one last: ${weeks.join(', ')}.`,
  levels: { inStock: 'in stock', low: 'low', outOfStock: 'out of stock', unknown: 'unknown' },
  held: (held) => `${held} held`,
  unsellable: (boxes) => `${boxes} to set aside`,
  slow: 'slow',
  lots: (lots) => `${lots} lots, in the order they go out`,
  lot: ({ code, expiry, boxes, expired }) => `${code === '' ? 'lot not told' : `lot ${code}`}: ${boxesEn(boxes)}${expiry === null ? '' : expired ? `, expired on ${dayEn(expiry)}` : `, until ${dayEn(expiry)}`}`,
  found: (total) => `${total} product${total === 1 ? '' : 's'}`,
  none: 'No product matches.',
  more: (left) => `Show more (${left})`,
  refresh: 'Refresh',
  caption: 'Products on the shelves',
};

export const stockWords: Readonly<Record<'fr' | 'en', StockWords>> = { fr, en };

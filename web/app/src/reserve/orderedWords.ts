/** The no-break space of French. */
const S = '\u00a0';

/** What the form of an order and the page of one both say. */
export const orderedWords = {
  fr: {
    loading: 'Un instant…',
    call: 'Appeler',
    other: 'English',
    emergency: `Urgence vitale${S}: 15 ou 112, par SMS 114.`,
    boxes: (count: number) => (count > 1 ? `${count} boîtes` : '1 boîte'),
    price: (cents: number) => `${Math.floor(cents / 100)},${String(cents % 100).padStart(2, '0')}${S}€`,
  },
  en: {
    loading: 'One moment…',
    call: 'Call',
    other: 'Français',
    emergency: 'Life-threatening emergency: 15 or 112, by text message 114.',
    boxes: (count: number) => (count > 1 ? `${count} boxes` : '1 box'),
    price: (cents: number) => `€${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`,
  },
};

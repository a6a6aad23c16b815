import type { Language } from '../words/language.svelte';

const S = '\u00a0';

/** The map's words. */
const fr = {
  map: `Carte${S}: la liste donne les mêmes pharmacies`,
  loading: 'La carte arrive…',
  unable: 'La carte ne peut pas être dessinée sur cet appareil. La liste dit tout ce qu’elle montrerait.',
  pharmacies: 'Pharmacies sur la carte, la plus proche d’abord',
  zoomIn: 'Agrandir',
  zoomOut: 'Réduire',
  whole: 'Tout montrer',
  credit: `Contours simplifiés${S}: Natural Earth. Villes${S}: GeoNames, CC BY 4.0. Cercles${S}: distance à vol d’oiseau.`,
};

export type MapWords = typeof fr;

const en: MapWords = {
  map: 'Map: the list names the same pharmacies',
  loading: 'The map is coming…',
  unable: 'The map cannot be drawn on this device. The list says all that it would show.',
  pharmacies: 'Pharmacies on the map, nearest first',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  whole: 'Show all',
  credit: 'Simplified outlines: Natural Earth. Towns: GeoNames, CC BY 4.0. Circles: distance as the crow flies.',
};

export function mapWords(language: Language): MapWords {
  return language === 'fr' ? fr : en;
}

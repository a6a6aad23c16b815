import type { Language } from '../words/language.svelte';
import type { Distance } from './coverage';

function kilometres(meters: number, locale: string): string {
  if (meters < 995) return `${Math.round(meters / 10) * 10}\u00a0m`;
  const digits = meters < 9_950 ? 1 : 0;
  return `${(meters / 1000).toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })}\u00a0km`;
}

function count(locale: string): (n: number) => string {
  return (n) => n.toLocaleString(locale);
}

function moment(locale: string): (ms: number) => string {
  return (ms) => new Date(ms).toLocaleString(locale, { dateStyle: 'full', timeStyle: 'short' });
}

/** The coverage page's words. */
const fr = {
  title: 'Couverture',
  lead: 'À quelle distance les habitants sont de la pharmacie ouverte ou de garde la plus proche, à vol d’oiseau, sans traverser la mer.',
  other: 'English',
  department: 'Département',
  wholeCountry: 'Toute la France',
  at: 'À cet instant (heure de votre appareil)',
  now: 'Maintenant',
  show: 'Afficher',
  loading: 'Mesure en cours…',
  offline: 'Le service ne répond pas. Réessayez dans un instant.',
  unknownDepartment: 'Aucune commune de ce département n’est connue ici, ou l’instant est à plus d’un an.',
  demo: 'Aucune table des communes n’a été importée : les villes de la démonstration en tiennent lieu.',
  measuredAt: (when: string) => `Mesuré pour le ${when}.`,
  when: moment('fr-FR'),
  population: 'Habitants',
  mean: 'Distance moyenne',
  median: 'La moitié vit à moins de',
  p90: 'Neuf sur dix vivent à moins de',
  beyond: (km: number) => `À plus de ${km} km`,
  unreached: 'Personne ne sert sur leur terre',
  people: (communes: string, population: string) => `${population} hab. (${communes} communes)`,
  map: 'Carte',
  mapOfCommunes: (name: string) => `Carte des communes, ${name} : le tableau donne les mêmes distances.`,
  mapOfDepartments: 'Carte des départements de métropole, selon leur distance moyenne : le tableau donne les mêmes distances.',
  legend: 'Légende',
  classes: { 0: 'jusqu’à 10 km', 1: 'de 10 à 20 km', 2: 'de 20 à 30 km', 3: 'plus de 30 km', none: 'personne sur cette terre' } satisfies Record<Distance, string>,
  communes: 'Communes, les plus éloignées d’abord',
  departments: 'Départements et territoires',
  commune: 'Commune',
  distanceColumn: 'Distance',
  pharmacy: 'Pharmacie',
  none: '–',
  keep: 'Emporter ces chiffres',
  count: count('fr-FR'),
  distance: (meters: number | null) => (meters === null ? 'personne sur cette terre' : kilometres(meters, 'fr-FR')),
};

const en: typeof fr = {
  title: 'Coverage',
  lead: 'How far people are from the nearest pharmacy that is open or on call, as the crow flies, without crossing the sea.',
  other: 'Français',
  department: 'Department',
  wholeCountry: 'All of France',
  at: 'At this instant (time of your device)',
  now: 'Now',
  show: 'Show',
  loading: 'Measuring…',
  offline: 'The service does not answer. Try again in a moment.',
  unknownDepartment: 'No commune of this department is known here, or the instant is more than a year away.',
  demo: 'No table of communes was imported: the towns of the demo stand in for them.',
  measuredAt: (when) => `Measured for ${when}.`,
  when: moment('en-GB'),
  population: 'Inhabitants',
  mean: 'Mean distance',
  median: 'Half live within',
  p90: 'Nine in ten live within',
  beyond: (km) => `Beyond ${km} km`,
  unreached: 'Nobody serves on their land',
  people: (communes, population) => `${population} people (${communes} communes)`,
  map: 'Map',
  mapOfCommunes: (name) => `Map of the communes of ${name}: the table gives the same distances.`,
  mapOfDepartments: 'Map of the departments of mainland France and Corsica by their mean distance: the table gives the same distances.',
  legend: 'Legend',
  classes: { 0: 'up to 10 km', 1: '10 to 20 km', 2: '20 to 30 km', 3: 'more than 30 km', none: 'nobody on this land' },
  communes: 'Communes, the furthest first',
  departments: 'Departments and territories',
  commune: 'Commune',
  distanceColumn: 'Distance',
  pharmacy: 'Pharmacy',
  none: '–',
  keep: 'Take these figures with you',
  count: count('en-GB'),
  distance: (meters) => (meters === null ? 'nobody on this land' : kilometres(meters, 'en-GB')),
};

export type CoverageWords = typeof fr;

export function coverageWords(language: Language): CoverageWords {
  return language === 'en' ? en : fr;
}

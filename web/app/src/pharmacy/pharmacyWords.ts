import type { Instant } from '../api';
import { offsetMinutes, wallTime, type WallTime } from '../time/instant';
import { clock as clockEn, MONTHS as MONTHS_EN, WEEKDAYS as WEEKDAYS_EN } from '../words/en';
import { clock as clockFr, date as dateFr, WEEKDAYS as WEEKDAYS_FR } from '../words/fr';
import type { Language } from '../words/language.svelte';
import type { Mentions, Pharmacy } from './pharmacy';
import type { Span } from './days';

const S = '\u00a0';

type Source = Pharmacy['sources'][number]['source'];

/** Files by the names that their publishers give them. */
const SOURCES: Readonly<Record<Source, string>> = { santefr: 'Santé.fr', finess: 'FINESS', osm: 'OpenStreetMap' };

/** A time from one instant to another: of whole days, or with its hours. */
interface Between {
  readonly from: WallTime;
  readonly to: WallTime;
  /** The last date it touches: what ends at midnight ends with the day before, as people say. */
  readonly lastDay: WallTime;
  readonly isWholeDays: boolean;
}

function between(start: Instant, end: Instant): Between {
  const [from, to] = [wallTime(Date.parse(start), offsetMinutes(start)), wallTime(Date.parse(end), offsetMinutes(end))];
  return { from, to, lastDay: wallTime(Date.parse(end) - 60_000, offsetMinutes(end)), isWholeDays: [from, to].every(({ hour, minute }) => hour === 0 && minute === 0) };
}

const longDateFr = (wall: WallTime) => `${WEEKDAYS_FR[wall.weekday]} ${dateFr(wall)}`;
const hourFr = (wall: WallTime) => (wall.hour === 0 && wall.minute === 0 ? 'minuit' : clockFr(wall));

/** The words of a pharmacy's page. */
const fr = {
  back: (city: string) => `Autres pharmacies${city === '' ? '' : `, ${city}`}`,
  backToStart: 'Chercher une pharmacie',
  skip: 'Aller à la pharmacie',
  loading: 'Un instant…',
  unknown: 'Cette pharmacie n’est pas connue ici.',
  unknownHelp: `Le lien est peut-être incomplet, ou la pharmacie a fermé. Vous pouvez en chercher une autre${S}: les plus proches, ouvertes ou de garde, en direct.`,
  failed: 'La page n’a pas pu être chargée.',
  offlineEmpty: 'Vous êtes hors connexion. La page se chargera dès que le réseau revient.',
  noAnswer: `Personne ne répond${S}? Voir les autres`,
  phoneFirst: 'Téléphonez avant de vous déplacer.',
  now: 'En ce moment',
  takesOver: (name: string) => `${name} prend le relais`,
  reliefDistance: (distance: string) => `à ${distance}`,
  insteadTitle: 'Ouvertes ou de garde près d’ici',
  noInstead: 'Aucune autre pharmacie ouverte ni de garde n’est connue en ce moment.',

  order: 'Réserver, paiement à la pharmacie',
  orderHelp: 'La pharmacie met vos boîtes de côté. Vous payez sur place.',
  paused: 'Pas de réservation pour le moment',
  pausedUntil: (until: string) => `Pas de réservation ${until}`,
  pausedHelp: 'La pharmacie a suspendu les réservations. Téléphonez-lui ou passez la voir.',

  hours: 'Horaires des deux semaines',
  day: 'Jour',
  opening: 'Horaires',
  today: 'Aujourd’hui',
  tomorrow: 'Demain',
  weekday: (wall: WallTime): string => WEEKDAYS_FR[wall.weekday] ?? '',
  date: dateFr,
  closed: 'Fermée',
  onCall: 'De garde',
  unsure: 'Horaires non confirmés',
  span: ({ from, to, endsNextDay }: Pick<Span, 'from' | 'to' | 'endsNextDay'>) => {
    if (from === null && to === null) return 'jour et nuit';
    if (from === null) return to === null ? '' : `jusqu’à ${hourFr(to)}`;
    if (to === null) return `à partir de ${hourFr(from)}`;
    return `${hourFr(from)} à ${hourFr(to)}${endsNextDay ? ` (${WEEKDAYS_FR[to.weekday]})` : ''}`;
  },
  holiday: (name: string) => `Jour férié${S}: ${name}`,
  closure: `Fermeture exceptionnelle${S}:`,
  exceptionalOpening: `Ouverture exceptionnelle${S}:`,
  dutyAhead: 'Les gardes à venir ne sont affichées que quelques jours à l’avance.',
  localHours: 'Toutes les heures sont celles de la pharmacie.',

  noHours: `La pharmacie n’a pas communiqué ses horaires${S}: téléphonez avant de vous déplacer.`,
  hoursBy: {
    pharmacy: (date: string | null) => (date === null ? 'Horaires donnés par la pharmacie.' : `Horaires donnés par la pharmacie le ${date}.`),
    import: (date: string | null) => `Horaires repris de fichiers publics${date === null ? '' : ` le ${date}`}, que la pharmacie n’a pas confirmés.`,
    synthetic: () => 'Horaires inventés pour la démonstration.',
  } satisfies Record<Pharmacy['hoursSource'], (date: string | null) => string>,
  sources: (names: readonly Source[]) => `Sources${S}: ${names.map((name) => SOURCES[name]).join(', ')}.`,
  fullDate: (wall: WallTime) => `${dateFr(wall)} ${wall.year}`,

  absences: 'Fermetures annoncées',
  between: (start: Instant, end: Instant) => {
    const { from, to, lastDay, isWholeDays } = between(start, end);
    const isOneDay = lastDay.dayNumber === from.dayNumber;
    if (isWholeDays) return isOneDay ? `Le ${longDateFr(from)}` : `Du ${longDateFr(from)} au ${longDateFr(lastDay)}`;
    if (isOneDay) return `Le ${longDateFr(from)}, de ${hourFr(from)} à ${hourFr(to)}`;
    return `Du ${longDateFr(from)} à ${hourFr(from)} au ${longDateFr(lastDay)} à ${hourFr(to)}`;
  },
  noRelief: 'La pharmacie n’a pas dit qui prend le relais.',

  services: 'Services',
  news: 'Actualités',
  mentions: 'Mentions légales',
  mention: {
    finess: 'N° FINESS',
    name: 'Nom',
    address: 'Adresse',
    phone: 'Téléphone',
    legalName: 'Raison sociale',
    pharmacists: 'Pharmaciens responsables',
    rpps: 'N° RPPS',
    licence: 'N° de licence',
    email: 'Courriel',
    host: 'Hébergeur des données de santé',
    ars: 'Agence régionale de santé',
    ansm: 'Agence du médicament (ANSM)',
    vat: 'TVA intracommunautaire',
    ape: 'Code APE',
    rcs: 'Registre du commerce',
    capital: 'Capital social',
    siret: 'SIRET',
  } satisfies Record<keyof Mentions, string>,
};

export type PharmacyWords = typeof fr;

const longDateEn = (wall: WallTime) => `${WEEKDAYS_EN[wall.weekday]} ${wall.day} ${MONTHS_EN[wall.month - 1]}`;
const hourEn = (wall: WallTime) => (wall.hour === 0 && wall.minute === 0 ? 'midnight' : clockEn(wall));

/** The holidays that the service names in French. */
const HOLIDAYS_EN: Readonly<Record<string, string>> = {
  '1er janvier': 'New Year’s Day',
  '1er mai': 'Labour Day',
  '8 mai': 'Victory Day (8 May)',
  '14 juillet': 'Bastille Day (14 July)',
  Assomption: 'Assumption',
  Toussaint: 'All Saints’ Day',
  '11 novembre': 'Armistice Day (11 November)',
  'Jour de Noël': 'Christmas Day',
  '2ème jour de Noël': 'St Stephen’s Day',
  'Abolition de l\'esclavage': 'Abolition of slavery',
  'Vendredi saint': 'Good Friday',
  'Lundi de Pâques': 'Easter Monday',
  Ascension: 'Ascension Day',
  'Lundi de Pentecôte': 'Whit Monday',
};

const en: PharmacyWords = {
  back: (city) => `Other pharmacies${city === '' ? '' : `, ${city}`}`,
  backToStart: 'Find a pharmacy',
  skip: 'Skip to the pharmacy',
  loading: 'One moment…',
  unknown: 'This pharmacy is not known here.',
  unknownHelp: 'The link may be incomplete, or the pharmacy has closed down. You can look for another one: the nearest, open or on call, live.',
  failed: 'The page could not be loaded.',
  offlineEmpty: 'You are offline. The page loads as soon as the network is back.',
  noAnswer: 'Nobody answers? See the others',
  phoneFirst: 'Phone before you go.',
  now: 'At the moment',
  takesOver: (name) => `${name} takes over`,
  reliefDistance: (distance) => `${distance} away`,
  insteadTitle: 'Open or on call near here',
  noInstead: 'No other pharmacy is known to be open or on call at the moment.',

  order: 'Reserve, pay at the pharmacy',
  orderHelp: 'The pharmacy puts your boxes aside. You pay there.',
  paused: 'No reservations for now',
  pausedUntil: (until) => `No reservations ${until}`,
  pausedHelp: 'The pharmacy has suspended reservations. Call it or drop in.',

  hours: 'Hours for two weeks',
  day: 'Day',
  opening: 'Hours',
  today: 'Today',
  tomorrow: 'Tomorrow',
  weekday: (wall) => WEEKDAYS_EN[wall.weekday] ?? '',
  date: (wall) => `${wall.day} ${MONTHS_EN[wall.month - 1]}`,
  closed: 'Closed',
  onCall: 'On call',
  unsure: 'Hours not confirmed',
  span: ({ from, to, endsNextDay }) => {
    if (from === null && to === null) return 'day and night';
    if (from === null) return to === null ? '' : `until ${hourEn(to)}`;
    if (to === null) return `from ${hourEn(from)}`;
    return `${hourEn(from)} to ${hourEn(to)}${endsNextDay ? ` (${WEEKDAYS_EN[to.weekday]})` : ''}`;
  },
  holiday: (name) => `Public holiday: ${HOLIDAYS_EN[name] ?? name}`,
  closure: 'Exceptional closure:',
  exceptionalOpening: 'Exceptional opening:',
  dutyAhead: 'Duty to come is shown a few days ahead only.',
  localHours: 'All hours are local to the pharmacy.',

  noHours: 'The pharmacy has not given its hours: phone before you go.',
  hoursBy: {
    pharmacy: (date) => (date === null ? 'Hours given by the pharmacy.' : `Hours given by the pharmacy on ${date}.`),
    import: (date) => `Hours taken from public files${date === null ? '' : ` on ${date}`}, not confirmed by the pharmacy.`,
    synthetic: () => 'Hours made up for the demonstration.',
  },
  sources: (names) => `Sources: ${names.map((name) => SOURCES[name]).join(', ')}.`,
  fullDate: (wall) => `${wall.day} ${MONTHS_EN[wall.month - 1]} ${wall.year}`,

  absences: 'Closures ahead',
  between: (start, end) => {
    const { from, to, lastDay, isWholeDays } = between(start, end);
    const isOneDay = lastDay.dayNumber === from.dayNumber;
    if (isWholeDays) return isOneDay ? longDateEn(from) : `${longDateEn(from)} to ${longDateEn(lastDay)}`;
    if (isOneDay) return `${longDateEn(from)}, ${hourEn(from)} to ${hourEn(to)}`;
    return `${longDateEn(from)}, ${hourEn(from)}, to ${longDateEn(lastDay)}, ${hourEn(to)}`;
  },
  noRelief: 'The pharmacy has not said who takes over.',

  services: 'Services',
  news: 'News',
  mentions: 'Legal notice',
  mention: {
    finess: 'FINESS number',
    name: 'Name',
    address: 'Address',
    phone: 'Telephone',
    legalName: 'Legal name',
    pharmacists: 'Pharmacists in charge',
    rpps: 'RPPS number',
    licence: 'Licence number',
    email: 'E-mail',
    host: 'Host of health data',
    ars: 'Regional health agency (ARS)',
    ansm: 'Medicines agency (ANSM)',
    vat: 'VAT number',
    ape: 'APE code',
    rcs: 'Trade register',
    capital: 'Share capital',
    siret: 'SIRET',
  },
};

export function pharmacyWords(language: Language): PharmacyWords {
  return language === 'fr' ? fr : en;
}

import type { ServiceState } from '../api';
import type { Moment, WallTime } from '../time/instant';

/** The no-break space that French puts inside "19 h 30" and before ":" and "?". */
const S = '\u00a0';

export const WEEKDAYS = ['dimanche', 'lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi'] as const;
export const MONTHS = ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'] as const;

export function clock({ hour, minute }: WallTime): string {
  return minute === 0 ? `${hour}${S}h` : `${hour}${S}h${S}${String(minute).padStart(2, '0')}`;
}

function bareClock(wall: WallTime): string {
  return wall.hour === 0 && wall.minute === 0 ? 'minuit' : clock(wall);
}

export function date({ day, month }: WallTime): string {
  return `${day === 1 ? '1er' : day} ${MONTHS[month - 1]}`;
}

function at({ wall, day }: Moment): string {
  switch (day) {
    case 'implied':
      return `à ${bareClock(wall)}`;
    case 'tomorrow':
      return `demain à ${clock(wall)}`;
    case 'weekday':
      return `${WEEKDAYS[wall.weekday]} à ${clock(wall)}`;
    case 'date':
      return `le ${date(wall)} à ${clock(wall)}`;
  }
}

function until({ wall, day }: Moment): string {
  switch (day) {
    case 'implied':
      return `jusqu’à ${bareClock(wall)}`;
    case 'tomorrow':
      return `jusqu’à demain ${clock(wall)}`;
    case 'weekday':
      return `jusqu’à ${WEEKDAYS[wall.weekday]} ${clock(wall)}`;
    case 'date':
      return `jusqu’au ${date(wall)}, ${clock(wall)}`;
  }
}

function age(seconds: number): string {
  if (seconds < 2) return 'à l’instant';
  if (seconds < 60) return `il y a ${seconds}${S}s`;
  if (seconds < 3600) return `il y a ${Math.floor(seconds / 60)}${S}min`;
  return `il y a ${Math.floor(seconds / 3600)}${S}h`;
}

function inMinutes(minutes: number): string {
  return minutes <= 1 ? 'dans moins d’une minute' : `dans ${minutes}${S}min`;
}

/** "de" before a town, as French contracts it: du Mans, des Abymes, d’Amiens. */
function of(town: string): string {
  if (town.startsWith('Le ')) return `du ${town.slice(3)}`;
  if (town.startsWith('Les ')) return `des ${town.slice(4)}`;
  return /^[aeiouyàâéèêëîïôœ]/i.test(town) ? `d’${town}` : `de ${town}`;
}

const STATES: Readonly<Record<ServiceState, string>> = { open: 'Ouverte', onCall: 'De garde', closed: 'Fermée', unknown: 'Horaires non confirmés' };

export const fr = {
  title: 'Une pharmacie ouverte, maintenant',
  lead: 'Les plus proches, ouvertes ou de garde, en direct.',
  otherLanguage: 'English',
  skip: 'Aller à la liste',

  usePosition: 'Utiliser ma position',
  locating: 'Recherche de votre position…',
  positionPrivate: 'Votre position sert à cette recherche seulement : elle n’est ni gardée, ni mise dans l’adresse de la page.',
  positionRefused: 'La position n’est pas autorisée sur cet appareil. Tapez plutôt une ville.',
  positionMissing: 'Votre position reste introuvable. Tapez plutôt une ville.',
  or: 'ou',
  town: 'Ville ou code postal',
  townExample: 'Nantes, 97300…',
  townsFound: (n: number) => (n === 0 ? 'Aucune ville trouvée' : n === 1 ? '1 ville trouvée' : `${n} villes trouvées`),
  noTown: (text: string) => `Aucune ville ne correspond à «${S}${text}${S}».`,
  clear: 'Effacer',
  aroundMe: 'autour de vous',
  aroundTown: (town: string) => `autour ${of(town)}`,

  showLabel: 'Pharmacies à afficher',
  showServing: 'Ouvertes et de garde',
  showAny: 'Toutes',
  list: 'Pharmacies, la plus proche d’abord',
  nearestFirst: 'La plus proche d’abord',
  asTheCrowFlies: 'à vol d’oiseau',
  more: 'Voir plus loin',
  loading: 'Recherche des pharmacies…',
  noneServing: 'Aucune pharmacie ouverte ni de garde n’est connue ici en ce moment.',
  noneServingHelp: 'Le 3237 ou le commissariat (17) indiquent la pharmacie de garde.',
  noneAny: 'Aucune pharmacie n’est connue ici.',
  showAllInstead: 'Voir aussi les fermées',

  state: STATES,
  closesAt: (m: Moment) => `ferme ${at(m)}`,
  dayAndNight: 'jour et nuit',
  opens: (m: Moment) => `ouvre ${at(m)}`,
  opensIn: (minutes: number, m: Moment) => `ouvre ${inMinutes(minutes)}, ${at(m)}`,
  until,
  inMinutes,
  wasToClose: (m: Moment) => `devait fermer ${at(m)}`,
  wasToOpen: (m: Moment) => `devait ouvrir ${at(m)}`,
  dutyWasToEnd: (m: Moment) => `la garde devait finir ${at(m)}`,
  toConfirm: 'téléphonez avant de vous déplacer',
  holidayToConfirm: 'jour férié, horaires à confirmer',
  unknowns: {
    'vacances scolaires, horaires à confirmer': 'vacances scolaires, horaires à confirmer',
    'horaires à confirmer': 'horaires à confirmer',
    'heure de fermeture non précisée': 'heure de fermeture non précisée',
    'horaires non confirmés depuis longtemps': 'horaires non confirmés depuis longtemps',
    'horaires non communiqués': 'horaires non communiqués',
  } as Readonly<Record<string, string>>,
  duties: {
    'garde de nuit': 'garde de nuit',
    'garde du dimanche ou jour férié': 'garde du dimanche ou jour férié',
    'garde de jour': 'garde de jour',
  } as Readonly<Record<string, string>>,
  justClosed: 'Vient de fermer',
  noLongerServes: 'Ne reçoit plus',
  announceLeft: (name: string) => `${name} vient de fermer.`,
  announceChanged: (name: string, state: ServiceState) => `${name}${S}: ${STATES[state].toLowerCase()}.`,
  bell: `Volet fermé${S}: sonnez`,
  phoneFirst: 'Téléphonez avant de venir',
  bring: 'Prenez votre ordonnance et votre carte Vitale.',
  localTime: (wall: WallTime) => `Il est ${clock(wall)} sur place${S}; heures locales`,
  demo: 'démo',
  demoMeaning: 'Pharmacie fictive, pour la démonstration',

  call: 'Appeler',
  callName: (name: string) => `Appeler ${name}`,
  noPhone: 'Pas de téléphone connu',
  route: 'Itinéraire',
  routeName: (name: string) => `Itinéraire vers ${name}`,
  distance: (metres: number) =>
    metres < 995
      ? `${Math.max(10, Math.round(metres / 10) * 10)}${S}m`
      : `${(metres / 1000).toFixed(metres < 9_950 ? 1 : 0).replace('.', ',')}${S}km`,

  live: 'En direct',
  upToDate: (seconds: number) => `à jour ${age(seconds)}`,
  lastAnswer: (seconds: number) => `dernière réponse ${age(seconds)}`,
  reconnecting: 'Reconnexion…',
  offline: 'Hors connexion',
  offlineHelp: 'Ce qui suit date de la dernière réponse.',
  offlinePhone: 'Pour une pharmacie qui n’est pas dite fermée, téléphonez avant de vous déplacer.',
  offlineEmpty: 'Vous êtes hors connexion. La recherche reprendra dès que le réseau revient.',

  failed: 'La liste n’a pas pu être chargée.',
  failedNetwork: 'Le service ne répond pas. Vérifiez votre connexion.',
  failedBusy: (seconds: number | null) => (seconds === null ? 'Trop de demandes. Réessayez dans un instant.' : `Trop de demandes. Réessayez dans ${seconds}${S}s.`),
  failedServer: 'Le service est momentanément indisponible.',
  retry: 'Réessayer',

  hiddenDuty: 'La nuit, la garde n’est pas publiée ici. Demandez-la par téléphone :',
  emergency: 'Urgence vitale',
  emergencyCall: 'Appeler le',
  emergencySms: 'par SMS',
  emergencySmsFor: 'pour les personnes sourdes ou malentendantes',
};

/** Every language has exactly these words: a missing one does not compile. */
export type Words = typeof fr;

import type { ServiceState, Shortage, StockLevel } from '../api';
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

/** A day as the reader counts them, from ISO text. */
function day(iso: string): string {
  const [year, month, dayOfMonth] = iso.split('-').map(Number);
  return `${dayOfMonth === 1 ? '1er' : dayOfMonth} ${MONTHS[(month ?? 1) - 1]} ${year}`;
}

function shortage({ kind, since, back }: Shortage): string {
  const from = since === null ? '' : ` depuis le ${day(since)}`;
  const until = back === null ? '' : `${S}; retour prévu le ${day(back)}`;
  switch (kind) {
    case 'outOfStock':
      return `Rupture de stock signalée en France${from}${until}. Peu de pharmacies en ont.`;
    case 'tension':
      return `Approvisionnement difficile en France${from}${until}. Toutes les pharmacies n’en ont pas.`;
    case 'stopped':
      return `Le fabricant n’en fournit plus${from}. Demandez au pharmacien ce qui le remplace.`;
    case 'availableAgain':
      return `De nouveau disponible en France${back === null ? '' : ` depuis le ${day(back)}`}, après une rupture.`;
  }
}

const LEVELS: Readonly<Record<StockLevel, string>> = { inStock: 'en stock', low: 'plus que 1 ou 2', outOfStock: 'épuisé', unknown: 'stock inconnu' };

const STATES: Readonly<Record<ServiceState, string>> = { open: 'Ouverte', onCall: 'De garde', closed: 'Fermée', unknown: 'Horaires non confirmés' };

export const fr = {
  title: 'Une pharmacie ouverte, maintenant',
  lead: 'Les plus proches, ouvertes ou de garde, en direct.',
  otherLanguage: 'English',
  skip: 'Aller à la liste',

  usePosition: 'Utiliser ma position',
  locating: 'Recherche de votre position…',
  positionPrivate: `Votre position sert à cette recherche seulement${S}: elle n’est ni gardée, ni mise dans l’adresse de la page.`,
  positionRefused: 'La position n’est pas autorisée sur cet appareil. Tapez plutôt une ville.',
  positionMissing: 'Votre position reste introuvable. Tapez plutôt une ville.',
  or: 'ou',
  town: 'Ville ou code postal',
  townExample: 'Nantes, 97300…',
  townsFound: (n: number) => (n === 0 ? 'Aucune ville trouvée' : n === 1 ? '1 ville trouvée' : `${n} villes trouvées`),
  noTown: (text: string) =>
    /^[\d ]+$/.test(text) ? `Aucune ville trouvée au code postal ${text}. Tapez plutôt le nom de la ville.` : `Aucune ville ne correspond à «${S}${text}${S}».`,
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
  noneThen: 'Aucune pharmacie n’est prévue ouverte ni de garde ici à ce moment-là.',
  noneWithProducts: 'Aucune pharmacie ouverte ne dit avoir ce que vous cherchez en stock.',
  noneWithProductsHelp: `Toutes les pharmacies ne disent pas leur stock${S}: appelez la plus proche.`,
  noneWithServices: 'Aucune pharmacie ouverte n’est connue pour ce service.',
  found: (n: number) => (n === 1 ? '1 pharmacie trouvée' : `${n} pharmacies trouvées`),

  refine: 'Préciser la recherche',
  product: 'Médicament',
  productLabel: 'Médicament à trouver en stock',
  productExample: 'Doliprane, ibuprofène…',
  productsFound: (n: number) => (n === 1 ? '1 médicament trouvé' : `${n} médicaments trouvés`),
  noProduct: (text: string) => `Aucun médicament ne correspond à «${S}${text}${S}».`,
  productPrivate: 'Le service ne garde rien de ce que vous cherchez, et l’adresse de la page n’en dit rien.',
  productNotThen: `Le stock n’est connu que pour maintenant${S}: à une autre heure, les médicaments choisis ne comptent pas.`,
  levels: LEVELS,
  equivalent: 'équivalent',
  anEquivalent: 'Un équivalent',
  acceptEquivalents: 'Accepter un équivalent',
  equivalentsMeaning: `même groupe générique${S}; le pharmacien confirme`,
  noneNear: (name: string) => `Aucune pharmacie proche ne dit avoir ${name} en stock.`,
  noneNearHasAll: 'Aucune pharmacie proche ne dit avoir tout cela en stock.',
  noEquivalent: `Aucun équivalent n’est connu${S}: demandez conseil à un pharmacien.`,
  equivalentsExist: (n: number) => (n === 1 ? `Un équivalent existe${S}:` : `${n} équivalents existent${S}:`),
  sale: {
    prescription: `Sur ordonnance${S}: présentez-la à la pharmacie, il ne se réserve pas en ligne.`,
    unknownMass: `Ne se réserve pas en ligne${S}: demandez-le au comptoir.`,
    notMarketed: 'N’est plus vendu en France. Demandez au pharmacien ce qui le remplace.',
  },
  saleShort: { prescription: 'sur ordonnance', unknownMass: 'au comptoir seulement', notMarketed: 'n’est plus vendu' },
  shortage,
  shortageShort: { outOfStock: 'rupture de stock', tension: 'approvisionnement difficile', stopped: 'arrêté', availableAgain: 'de nouveau disponible' },
  shortageMore: 'En savoir plus sur ansm.sante.fr',
  service: 'Service',
  serviceLabel: 'Services demandés',
  otherTime: 'Autre heure',
  otherTimeLabel: `Ouverte quel jour, à quelle heure${S}?`,
  otherTimeThere: 'heure locale',
  otherTimeShow: 'Voir à cette heure',
  chosen: 'Recherche précisée par',
  remove: (what: string) => `Retirer ${what}`,
  moment: (wall: WallTime) => `${WEEKDAYS[wall.weekday]} ${date(wall)} à ${clock(wall)}`,
  asForeseen: (wall: WallTime) => `Comme prévu le ${WEEKDAYS[wall.weekday]} ${date(wall)} à ${clock(wall)}, d’après les horaires connus aujourd’hui`,
  foreseenIsPast: `Ce moment est passé${S}: cherchez pour maintenant, ou choisissez-en un autre.`,

  nobodyAnswers: `Personne ne répond${S}?`,
  nextIs: (name: string, distance: string) => `Suivante${S}: ${name}, à ${distance}.`,
  lastResort: `Aucune ne répond${S}?`,
  lastResortHelp: `Demandez quelle pharmacie est de garde${S}: le 3237 (payant) ou, la nuit, le commissariat ou la gendarmerie au 17.`,
  lastResortEmergency: `Si l’état s’aggrave ou si une vie est en danger, n’attendez pas${S}: 15 ou 112.`,
  asMap: 'Carte',
  asList: 'Liste',
  mapLoading: 'Chargement de la carte…',
  mapFailed: 'La carte n’a pas pu être chargée. La liste dit la même chose.',
  reserve: 'Réserver, paiement à la pharmacie',
  reserveName: (name: string) => `Réserver, paiement à la pharmacie${S}: ${name}`,

  state: STATES,
  foreseen: { open: 'Prévue ouverte', onCall: 'Prévue de garde', closed: 'Prévue fermée', unknown: 'Horaires non confirmés' } as Readonly<Record<ServiceState, string>>,
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
  noLongerMatches: 'N’a plus ce que vous cherchez, ou ne reçoit plus',
  announceGone: (name: string) => `${name} n’est plus dans la liste.`,
  announceLeft: (name: string) => `${name} vient de fermer.`,
  announceChanged: (name: string, state: ServiceState) => `${name}${S}: ${STATES[state].toLowerCase()}.`,
  bell: `Volet fermé${S}: sonnez`,
  phoneFirst: 'Téléphonez avant de venir',
  bring: 'Prenez votre ordonnance et votre carte Vitale.',
  localTime: (wall: WallTime) => `Il est ${clock(wall)} sur place${S}; heures locales`,
  localHours: 'Heures locales',
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

  hiddenDuty: `La nuit, la garde n’est pas publiée ici. Demandez-la par téléphone${S}:`,
  emergency: 'Urgence vitale',
  emergencyCall: 'Appeler le',
  emergencySms: 'par SMS',
  emergencySmsFor: 'pour les personnes sourdes ou malentendantes',
};

/** Every language has exactly these words: a missing one does not compile. */
export type Words = typeof fr;

import type { ServiceState } from '../api';
import type { Moment, WallTime } from '../time/instant';
import type { Words } from './fr';

const S = '\u00a0';

export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
export const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'] as const;

export function clock({ hour, minute }: WallTime): string {
  const half = hour < 12 ? 'am' : 'pm';
  const minutes = minute === 0 ? '' : `:${String(minute).padStart(2, '0')}`;
  return `${hour % 12 === 0 ? 12 : hour % 12}${minutes}${S}${half}`;
}

function bareClock(wall: WallTime): string {
  return wall.hour === 0 && wall.minute === 0 ? 'midnight' : clock(wall);
}

function when({ wall, day }: Moment, preposition: string): string {
  switch (day) {
    case 'implied':
      return `${preposition} ${bareClock(wall)}`;
    case 'tomorrow':
      return `${preposition} ${clock(wall)} tomorrow`;
    case 'weekday':
      return `${preposition} ${clock(wall)} on ${WEEKDAYS[wall.weekday]}`;
    case 'date':
      return `${preposition} ${clock(wall)} on ${wall.day} ${MONTHS[wall.month - 1]}`;
  }
}

const at = (m: Moment) => when(m, 'at');
const until = (m: Moment) => when(m, 'until');

function age(seconds: number): string {
  if (seconds < 2) return 'just now';
  if (seconds < 60) return `${seconds}${S}s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${S}min ago`;
  return `${Math.floor(seconds / 3600)}${S}h ago`;
}

function inMinutes(minutes: number): string {
  return minutes <= 1 ? 'in less than a minute' : `in ${minutes}${S}min`;
}

const STATES: Readonly<Record<ServiceState, string>> = { open: 'Open', onCall: 'On call', closed: 'Closed', unknown: 'Hours not confirmed' };

export const en: Words = {
  title: 'A pharmacy open now',
  lead: 'The nearest ones, open or on call, live.',
  otherLanguage: 'Français',
  skip: 'Skip to the list',

  usePosition: 'Use my location',
  locating: 'Finding your location…',
  positionPrivate: 'Your location serves this search only: it is neither kept nor put in the address of the page.',
  positionRefused: 'Location is not allowed on this device. Type a town instead.',
  positionMissing: 'Your location cannot be found. Type a town instead.',
  or: 'or',
  town: 'Town or postcode',
  townExample: 'Nantes, 97300…',
  townsFound: (n) => (n === 0 ? 'No town found' : n === 1 ? '1 town found' : `${n} towns found`),
  noTown: (text) => `No town matches “${text}”.`,
  clear: 'Clear',
  aroundMe: 'around you',
  aroundTown: (town) => `around ${town}`,

  showLabel: 'Pharmacies to show',
  showServing: 'Open and on call',
  showAny: 'All',
  list: 'Pharmacies, nearest first',
  nearestFirst: 'Nearest first',
  asTheCrowFlies: 'as the crow flies',
  more: 'Look further away',
  loading: 'Looking for pharmacies…',
  noneServing: 'No pharmacy is known to be open or on call here right now.',
  noneServingHelp: 'Call 3237 or the police (17): they know which pharmacy is on call.',
  noneAny: 'No pharmacy is known here.',
  showAllInstead: 'Show closed ones too',

  state: STATES,
  closesAt: (m) => `closes ${at(m)}`,
  dayAndNight: 'day and night',
  opens: (m) => `opens ${at(m)}`,
  opensIn: (minutes, m) => `opens ${inMinutes(minutes)}, ${at(m)}`,
  until,
  inMinutes,
  wasToClose: (m) => `was to close ${at(m)}`,
  wasToOpen: (m) => `was to open ${at(m)}`,
  dutyWasToEnd: (m) => `duty was to end ${at(m)}`,
  toConfirm: 'phone before you go',
  holidayToConfirm: 'public holiday, hours to be confirmed',
  unknowns: {
    'vacances scolaires, horaires à confirmer': 'school holidays, hours to be confirmed',
    'horaires à confirmer': 'hours to be confirmed',
    'heure de fermeture non précisée': 'closing time not stated',
    'horaires non confirmés depuis longtemps': 'hours not confirmed for a long time',
    'horaires non communiqués': 'hours not given',
  },
  duties: {
    'garde de nuit': 'night duty',
    'garde du dimanche ou jour férié': 'Sunday or holiday duty',
    'garde de jour': 'daytime duty',
  },
  justClosed: 'Just closed',
  noLongerServes: 'No longer serving',
  announceLeft: (name) => `${name} has just closed.`,
  announceChanged: (name, state) => `${name}: ${STATES[state].toLowerCase()}.`,
  bell: 'Shutter down: ring the bell',
  phoneFirst: 'Phone before you come',
  bring: 'Bring your prescription and your carte Vitale.',
  localTime: (wall) => `It is ${clock(wall)} there; local times`,
  demo: 'demo',
  demoMeaning: 'Fictitious pharmacy, for demonstration',

  call: 'Call',
  callName: (name) => `Call ${name}`,
  noPhone: 'No known phone',
  route: 'Directions',
  routeName: (name) => `Directions to ${name}`,
  distance: (metres) =>
    metres < 995 ? `${Math.max(10, Math.round(metres / 10) * 10)}${S}m` : `${(metres / 1000).toFixed(metres < 9_950 ? 1 : 0)}${S}km`,

  live: 'Live',
  upToDate: (seconds) => `updated ${age(seconds)}`,
  lastAnswer: (seconds) => `last answer ${age(seconds)}`,
  reconnecting: 'Reconnecting…',
  offline: 'Offline',
  offlineHelp: 'What follows is the last answer received.',
  offlinePhone: 'Phone before you go to a pharmacy that is not said to be closed.',
  offlineEmpty: 'You are offline. The search resumes as soon as the network is back.',

  failed: 'The list could not be loaded.',
  failedNetwork: 'The service does not answer. Check your connection.',
  failedBusy: (seconds) => (seconds === null ? 'Too many requests. Try again in a moment.' : `Too many requests. Try again in ${seconds}${S}s.`),
  failedServer: 'The service is unavailable for the moment.',
  retry: 'Try again',

  hiddenDuty: 'At night, duty is not published here. Ask by phone:',
  emergency: 'Life in danger',
  emergencyCall: 'Call',
  emergencySms: 'by text',
  emergencySmsFor: 'for deaf or hard-of-hearing people',
};

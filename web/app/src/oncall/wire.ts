import type { Access, Instant } from '../api';

/** The on-call API's wire; see /openapi/v1.json. Instants carry the offset of the pharmacy's own clock. */
export type DutyKind = 'night' | 'sundayOrHoliday' | 'day';
export type Disclosure = 'public' | 'hidden';

export const KINDS: readonly DutyKind[] = ['night', 'sundayOrHoliday', 'day'];
export const ACCESSES: readonly Access[] = ['walkIn', 'bell', 'phoneFirst'];

export interface Call {
  readonly label: string;
  readonly tel: string;
}

export interface SectorKind {
  readonly kind: DutyKind;
  readonly disclosure: Disclosure;
  readonly horizonDays: number;
}

export interface Sector {
  readonly code: string;
  readonly name: string;
  readonly department: string;
  readonly pharmacies: readonly string[];
  readonly kinds: readonly SectorKind[];
  readonly call: readonly Call[];
  /** Made by the demo's seed, not by a planner. */
  readonly synthetic: boolean;
}

export interface Duty {
  readonly sector: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly kind: DutyKind;
  readonly pharmacy: string;
  readonly name: string | null;
  readonly city: string | null;
  readonly access: Access;
  readonly phone?: string;
  readonly instructions?: string;
  readonly instructionsEn?: string;
}

export interface DutyKey {
  readonly sector: string;
  readonly kind: DutyKind;
  readonly start: Instant;
  readonly pharmacy: string;
  readonly name?: string | null;
}

export type SwapState = 'proposed' | 'accepted' | 'confirmed' | 'declined' | 'withdrawn' | 'refused';

export interface Swap {
  readonly id: string;
  readonly state: SwapState;
  readonly give: DutyKey;
  readonly take: DutyKey;
  readonly at: Instant;
  readonly reason?: string;
}

export type MeasureKind = 'exemption' | 'strike' | 'requisition' | 'closure';

export interface Measure {
  readonly id: string;
  readonly kind: MeasureKind;
  readonly start: Instant;
  readonly end: Instant;
  readonly reason: string;
  readonly pharmacies: readonly string[];
  readonly sector?: string;
  readonly reference?: string;
  readonly duty?: DutyKind;
  readonly access?: Access;
}

export interface Draft {
  readonly sector: string;
  readonly from: Instant;
  readonly duties: number;
}

export interface Sending {
  readonly recipient: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly duties: number;
  readonly sha256: string;
  readonly at: Instant;
  readonly proof: string;
}

export interface DepartmentFacts {
  readonly department: string;
  readonly zone: string;
  readonly epoch: string;
  readonly seq: number;
  readonly sectors: readonly Sector[];
  readonly drafts: readonly Draft[];
  readonly swaps: readonly Swap[];
  readonly measures: readonly Measure[];
  readonly sendings: readonly Sending[];
}

export type GapWord = 'gap' | 'double-booking' | 'two-places' | 'not-in-sector' | 'not-organised' | 'exempt' | 'unknown-sector';

export interface Gap {
  readonly word: GapWord;
  readonly sector: string;
  readonly kind: DutyKind;
  readonly start: Instant;
  readonly end: Instant;
  readonly pharmacies: readonly string[];
  /** In the reader's language. */
  readonly sentence: string;
}

export interface Figures {
  readonly gaps: number;
  readonly spread: readonly { readonly sector: string; readonly kind: DutyKind; readonly min: number; readonly max: number }[];
  readonly restViolations: number;
  readonly wishesGranted: number;
  readonly wishesRefused: number;
  /** Null where no communes are known. */
  readonly meanMeters: number | null;
}

export interface Proposal {
  readonly sectors: readonly { readonly sector: string; readonly duties: number }[];
  readonly figures: { readonly proposal: Figures; readonly roundRobin: Figures };
}

export interface Imported {
  readonly read: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly errors: readonly { readonly line: number; readonly column: string; readonly sentence: string }[];
  readonly sectors: readonly { readonly sector: string; readonly duties: number }[];
}

export interface HistoryItem {
  readonly seq: number;
  readonly at: Instant;
  readonly kind: string;
  readonly actor: string;
  readonly reason: string;
}

/** Where a department's duty stands: whoever knows less reads it again. */
export interface RotaNews {
  readonly department: string;
  readonly seq: number;
  readonly epoch: string;
}

export interface OnDutyAnswer {
  readonly department: string;
  readonly at: Instant;
  readonly items: readonly {
    readonly sector: string;
    readonly sectorName: string;
    readonly hidden: boolean;
    readonly duty: Duty;
    readonly address: { readonly street: string | null; readonly postcode: string | null; readonly city: string | null } | null;
    readonly phone: string | null;
  }[];
}

export interface OwnDutiesAnswer {
  readonly sectors: readonly { readonly code: string; readonly name: string; readonly department: string }[];
  readonly items: readonly Duty[];
  readonly others: readonly Duty[];
  readonly swaps: readonly Swap[];
}

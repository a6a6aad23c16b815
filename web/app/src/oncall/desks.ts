/** What somebody does on this page. */
export interface Desk {
  readonly role: 'planner' | 'dispatcher' | 'pharmacy';
  /** The department, or the pharmacy. */
  readonly of: string;
  /** Whether its holder may offer and accept exchanges. */
  readonly speaks: boolean;
}

const TEAM = ['titulaire', 'pharmacist', 'preparer', 'student'];

/** The desks of somebody's roles: planning first, then dispatching, then the pharmacies, one's own before others. */
export function desks(roles: readonly string[]): Desk[] {
  const held = roles.map((role) => role.split(':')).flatMap(([role, of]) => (role !== undefined && of !== undefined ? [{ role, of }] : []));
  const pharmacies = held.filter(({ role }) => TEAM.includes(role)).sort((a, b) => TEAM.indexOf(a.role) - TEAM.indexOf(b.role) || a.of.localeCompare(b.of));
  const once = pharmacies.filter(({ of }, i) => pharmacies.findIndex((other) => other.of === of) === i);
  return [
    ...held.filter(({ role }) => role === 'planner').map(({ of }): Desk => ({ role: 'planner', of, speaks: true })),
    ...held.filter(({ role }) => role === 'dispatcher').map(({ of }): Desk => ({ role: 'dispatcher', of, speaks: false })),
    ...once.map(({ role, of }): Desk => ({ role: 'pharmacy', of, speaks: role === 'titulaire' })),
  ];
}

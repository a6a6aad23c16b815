import type { Calls } from '../counter/calls';
import { followRotas } from './follow';
import { isNews, mayReplace } from './standing';
import type { DepartmentFacts, Sector } from './wire';

/** A department's sectors, drafts, exchanges, measures and sendings on screen, kept as they are. */
export class Department {
  facts = $state.raw<DepartmentFacts | null>(null);
  connected = $state(false);
  /** When it was last known to be up to date, by this device. */
  heardAt = $state(Date.now());
  failure = $state.raw<unknown>(null);

  constructor(
    private readonly calls: Calls,
    readonly id: string,
  ) {}

  get base(): string {
    return `/api/v1/oncall/departments/${this.id}`;
  }

  sector(code: string): Sector | null {
    return this.facts?.sectors.find((sector) => sector.code === code) ?? null;
  }

  /** Reads it again; what a slower answer says is dropped where a newer one came first. */
  async read(): Promise<void> {
    try {
      const answer = await this.calls.get<DepartmentFacts>(this.base);
      if (mayReplace(this.facts, answer)) this.facts = answer;
      this.heardAt = Date.now();
      this.failure = null;
    } catch (error) {
      this.failure = error;
    }
  }

  /** Reads it, and again with every row, on whatever screen that was made; until stopped. */
  follow(): () => void {
    void this.read();
    return followRotas({
      join: async (connection) => [await connection.invoke('JoinDepartment', this.id)],
      onNews: (news) => {
        this.heardAt = Date.now();
        if (isNews(this.facts, news)) void this.read();
      },
      onLink: (connected) => (this.connected = connected),
    });
  }
}

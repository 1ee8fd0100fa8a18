import type pg from 'pg';

const SCHEMAS = ['auth', 'users', 'posts', 'jobs'];

/** An event that a committed transaction has emitted. */
export interface Emitted<T = unknown> {
  id: string;
  data: T;
}

/** What really happened in the database: triggers note it in the transaction in which it happens. */
export class Audit {
  private constructor(private readonly database: pg.Pool) {}

  static async of(database: pg.Pool): Promise<Audit> {
    await database.query(`
      CREATE SCHEMA faults;
      CREATE TABLE faults.emitted (id uuid, event text, envelope jsonb);
      CREATE TABLE faults.applied (event_id text, consumer text);
      CREATE TABLE faults.noted (what text, at timestamptz DEFAULT clock_timestamp());
      CREATE FUNCTION faults.on_outbox() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN INSERT INTO faults.emitted VALUES (NEW.id, NEW.event, NEW.envelope::jsonb); RETURN NULL; END $$;
      CREATE FUNCTION faults.on_inbox() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN INSERT INTO faults.applied VALUES (NEW.event_id, NEW.consumer); RETURN NULL; END $$;`);
    for (const schema of SCHEMAS)
      await database.query(`
        CREATE TRIGGER faults AFTER INSERT ON ${schema}.outbox FOR EACH ROW EXECUTE FUNCTION faults.on_outbox();
        CREATE TRIGGER faults AFTER INSERT ON ${schema}.inbox FOR EACH ROW EXECUTE FUNCTION faults.on_inbox();`);
    return new Audit(database);
  }

  /** Notes the value of `what`, an expression over NEW and OLD, whenever a row of `table` is written. */
  async watch(table: string, when: string, what: string): Promise<void> {
    const name = `faults.on_${table.replace('.', '_')}`;
    await this.database.query(`
      CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN INSERT INTO faults.noted (what) VALUES (${what}); RETURN NULL; END $$;
      CREATE TRIGGER faults_watch AFTER ${when} ON ${table} FOR EACH ROW EXECUTE FUNCTION ${name}();`);
  }

  async emitted<T>(event: string): Promise<Emitted<T>[]> {
    const { rows } = await this.database.query(
      `SELECT id::text, envelope->'data' AS data FROM faults.emitted WHERE event = $1`,
      [event],
    );
    return rows as Emitted<T>[];
  }

  async appliedBy(consumer: string): Promise<Set<string>> {
    const { rows } = await this.database.query(`SELECT event_id FROM faults.applied WHERE consumer = $1`, [
      consumer,
    ]);
    return new Set((rows as { event_id: string }[]).map(({ event_id }) => event_id));
  }

  async noted(): Promise<{ what: string; at: Date }[]> {
    return (await this.database.query('SELECT what, at FROM faults.noted ORDER BY at')).rows;
  }
}

/** How many of these are there more than once, each extra one counted. */
export function repeated(items: string[]): number {
  return items.length - new Set(items).size;
}

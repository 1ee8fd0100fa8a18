import type pg from 'pg';

const SCHEMAS = ['auth', 'users', 'posts', 'jobs'];

/** An event that a committed transaction has written into its outbox. */
export interface EmittedEvent<T = unknown> {
  id: string;
  data: T;
}

/** Records what happens in the database, by triggers: a record is part of the transaction that caused it. */
export class Audit {
  private readonly database: pg.Pool;

  private constructor(database: pg.Pool) {
    this.database = database;
  }

  static async start(database: pg.Pool): Promise<Audit> {
    await database.query(`
      CREATE SCHEMA audit;
      CREATE TABLE audit.emitted (id uuid, event text, envelope jsonb);
      CREATE TABLE audit.applied (event_id text, consumer text);
      CREATE TABLE audit.writes (what text, at timestamptz DEFAULT clock_timestamp());
      CREATE FUNCTION audit.on_outbox() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN INSERT INTO audit.emitted VALUES (NEW.id, NEW.event, NEW.envelope::jsonb); RETURN NULL; END $$;
      CREATE FUNCTION audit.on_inbox() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN INSERT INTO audit.applied VALUES (NEW.event_id, NEW.consumer); RETURN NULL; END $$;`);
    for (const schema of SCHEMAS)
      await database.query(`
        CREATE TRIGGER audit AFTER INSERT ON ${schema}.outbox FOR EACH ROW EXECUTE FUNCTION audit.on_outbox();
        CREATE TRIGGER audit AFTER INSERT ON ${schema}.inbox FOR EACH ROW EXECUTE FUNCTION audit.on_inbox();`);
    return new Audit(database);
  }

  /** Records the value of `what`, an SQL expression over NEW and OLD, for each write to a row of the table. */
  async watch(table: string, operations: string, what: string): Promise<void> {
    const name = `audit.on_${table.replace('.', '_')}`;
    await this.database.query(`
      CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN INSERT INTO audit.writes (what) VALUES (${what}); RETURN NULL; END $$;
      CREATE TRIGGER audit_watch AFTER ${operations} ON ${table} FOR EACH ROW EXECUTE FUNCTION ${name}();`);
  }

  async emitted<T>(event: string): Promise<EmittedEvent<T>[]> {
    const { rows } = await this.database.query<EmittedEvent<T>>(
      `SELECT id::text, envelope->'data' AS data FROM audit.emitted WHERE event = $1`,
      [event],
    );
    return rows;
  }

  /** Ids of the events that a consumer has applied. */
  async appliedBy(consumer: string): Promise<Set<string>> {
    const { rows } = await this.database.query<{ event_id: string }>(
      `SELECT event_id FROM audit.applied WHERE consumer = $1`,
      [consumer],
    );
    return new Set(rows.map(({ event_id }) => event_id));
  }

  /** The watched writes, in their order. */
  async writes(): Promise<{ what: string; at: Date }[]> {
    const { rows } = await this.database.query<{ what: string; at: Date }>(
      'SELECT what, at FROM audit.writes ORDER BY at',
    );
    return rows;
  }
}

/** The number of items that occur again. */
export function duplicates(items: string[]): number {
  return items.length - new Set(items).size;
}

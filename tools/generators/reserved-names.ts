// Names that no service can have, because they mean something else where services are named.

/** In the gateway, in compose, in the API, or in `npm test -- <name>`. */
const PROJECT = `any api app bench config contracts default docs e2e examples health infra localhost metrics migrate
  migrations nats nginx pgadmin postgres public redis root runtime secrets seed shared template test tests tools`;

/** In SQL, where a service has a schema and a role. */
const SQL = `all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both
  case cast char character check coalesce collate collation column concurrently constraint create cross current dec
  decimal default deferrable desc distinct do else end except exists extract false fetch float for foreign freeze from
  full grant greatest group grouping having ilike in information initially inner inout int integer intersect interval
  into is isnull join lateral leading least left like limit localtime localtimestamp national natural nchar none normalize
  not notnull null nullif numeric offset on only or order out outer over overlaps overlay placing position precision
  primary real references returning right row select setof similar smallint some substring symmetric system table
  tablesample then time timestamp to trailing treat trim true union unique user using values varchar variadic verbose
  when where window with xmltable`;

const RESERVED = new Set(`${PROJECT} ${SQL}`.split(/\s+/));

export const isReserved = (name: string): boolean =>
  RESERVED.has(name) || name.startsWith('pg') || name in Object.prototype;

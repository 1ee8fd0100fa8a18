/** The parts of an OpenAPI or AsyncAPI document that the tools read. */
export interface Schema {
  $ref?: string;
  description?: string;
  type?: string | string[];
  format?: string;
  const?: unknown;
  enum?: unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
}

export type Schemas = Record<string, Schema>;
type Content = Record<string, { schema?: Schema }>;

export interface Body {
  $ref?: string;
  content?: Content;
}

export interface Parameter {
  $ref?: string;
  in?: string;
  name?: string;
  required?: boolean;
  schema?: Schema;
}

export interface Operation {
  summary?: string;
  'x-rate-limit'?: true;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: Body;
  responses: Record<string, Body | undefined>;
}

export const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;
export type PathItem = Partial<Record<(typeof METHODS)[number], Operation>>;

export interface OpenApi {
  paths: Record<string, PathItem>;
  components?: { schemas?: Schemas; securitySchemes?: object };
}

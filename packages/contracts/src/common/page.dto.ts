import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { check } from '../rules/field.js';
import { QueryIntField } from '../rules/number.fields.js';
import { StringField } from '../rules/string.fields.js';

/** How a client walks a list: by page number, or by cursor. A list with filters of its own extends this. */
export class PageQuery {
  /** Absent means the first page, unless there is a cursor. */
  @QueryIntField({ min: 1, default: 1 })
  page?: number;

  @QueryIntField({ min: 1, max: 100, default: 10 })
  items_per_page: number = 10;

  @StringField({
    max: 2048,
    optional: true,
    description: 'Instead of `page`: empty for the first page, then the `next_cursor` of the page before.',
  })
  @check(
    'value_error',
    'Input should be either page or cursor, not both',
    (cursor, query) => cursor === undefined || (query as PageQuery).page === undefined,
  )
  cursor?: string;
}

/** A page by number. */
export interface OffsetPage<T> {
  data: T[];
  total_count: number;
  has_more: boolean;
  page: number;
  items_per_page: number;
}

/** A page by cursor: as fast at the end of a long list as at its start. */
export interface CursorPage<T> {
  data: T[];
  next_cursor: string | null;
  has_more: boolean;
}

/** One page of a list, in the form that the client asked for. */
export type Page<T> = OffsetPage<T> | CursorPage<T>;

/** A class that documents a page of `item`, under a name of its own. */
export function PageOf<T>(item: Type<T>): Type<OffsetPage<T>> {
  class PageOfItem implements OffsetPage<T> {
    @ApiProperty({ type: [item] })
    data: T[];

    @ApiProperty({ type: 'integer', example: 1 })
    total_count: number;

    @ApiProperty({ example: false })
    has_more: boolean;

    @ApiProperty({ type: 'integer', example: 1 })
    page: number;

    @ApiProperty({ type: 'integer', example: 10 })
    items_per_page: number;
  }
  return named(`PageOf${item.name}`, PageOfItem);
}

/** A class that documents a cursor page of `item`, under a name of its own. */
export function CursorPageOf<T>(item: Type<T>): Type<CursorPage<T>> {
  class CursorPageOfItem implements CursorPage<T> {
    @ApiProperty({ type: [item] })
    data: T[];

    @ApiProperty({ type: 'string', nullable: true, example: null })
    next_cursor: string | null;

    @ApiProperty({ example: false })
    has_more: boolean;
  }
  return named(`CursorPageOf${item.name}`, CursorPageOfItem);
}

/** Documents the answer of a list: a page, or a cursor page when the client sent a cursor. */
export function ApiPage(item: Type<unknown>): MethodDecorator {
  const shapes = [PageOf(item), CursorPageOf(item)];
  return applyDecorators(
    ApiExtraModels(...shapes),
    ApiOkResponse({ schema: { oneOf: shapes.map((shape) => ({ $ref: getSchemaPath(shape) })) } }),
  );
}

function named<T>(name: string, type: Type<T>): Type<T> {
  return Object.defineProperty(type, 'name', { value: name });
}

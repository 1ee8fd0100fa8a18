import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { check, QueryIntField, StringField } from '../rules/index.js';

/** The query of a list: a page by number, or by cursor. */
export class PageQuery {
  /**
   * Undefined is the first page, unless there is a cursor. Not documented as a default, because generated clients send
   * defaults, also with a cursor.
   */
  @QueryIntField({ min: 1, optional: true, description: 'Without it, and without `cursor`: 1.' })
  page?: number;

  @QueryIntField({ min: 1, max: 100, default: 10 })
  items_per_page: number = 10;

  @check(
    'value_error',
    'Input should be either page or cursor, not both',
    (cursor, query) => cursor === undefined || (query as PageQuery).page === undefined,
  )
  @StringField({
    max: 2048,
    optional: true,
    description:
      'Instead of `page`, and not with it: empty for the first page, then the `next_cursor` of the previous page.',
  })
  cursor?: string;
}

export class OffsetPage<T> {
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

/** A page by cursor: as fast at the end of a long list as at its start. */
export class CursorPage<T> {
  data: T[];

  @ApiProperty({ type: 'string', nullable: true, example: null })
  next_cursor: string | null;

  @ApiProperty({ example: false })
  has_more: boolean;
}

export type Page<T> = OffsetPage<T> | CursorPage<T>;

/** Documents the response of a list: a page by number, or by cursor if the client sent one. */
export function ApiPage(item: Type<unknown>): MethodDecorator {
  const pages = [pageOf(OffsetPage, item, 'PageOf'), pageOf(CursorPage, item, 'CursorPageOf')];
  return applyDecorators(
    ApiExtraModels(...pages),
    ApiOkResponse({ schema: { oneOf: pages.map((page) => ({ $ref: getSchemaPath(page) })) } }),
  );
}

/** A class of its own for each item, because the name of a class is the name of its schema. */
function pageOf(Base: Type<object>, item: Type<unknown>, prefix: string): Type<object> {
  class PageOfItem extends Base {}
  ApiProperty({ type: [item] })(PageOfItem.prototype, 'data');
  return Object.defineProperty(PageOfItem, 'name', { value: prefix + item.name });
}

import { ApiProperty } from '@nestjs/swagger';
import { ListQueryOf } from '../common/list-query.js';
import { DateField } from '../rules/date.field.js';
import { QueryIntField } from '../rules/number.fields.js';
import { StringField } from '../rules/string.fields.js';
import { UrlField } from '../rules/url.field.js';

const TITLE = { min: 2, max: 30, example: 'This is my post' };
const TEXT = { min: 1, max: 63_206, example: 'This is the content of my post.' };

/** The body of `POST /{username}/post`. */
export class CreatePostDto {
  @StringField(TITLE)
  title: string;

  @StringField(TEXT)
  text: string;

  @UrlField({ optional: true, nullable: true })
  media_url?: string | null;
}

/** The body of `PATCH /{username}/post/{id}`. */
export class UpdatePostDto {
  @StringField({ ...TITLE, optional: true })
  title?: string;

  @StringField({ ...TEXT, optional: true })
  text?: string;

  @UrlField({ optional: true, nullable: true, description: 'Null takes the link away.' })
  media_url?: string | null;
}

/** The query of `GET /{username}/posts`. */
export class ListPostsQuery extends ListQueryOf({
  filters: { id: 'int', title: 'text', media_url: 'text | null', created_at: 'timestamp' },
  sorts: ['created_at'],
}) {}

/** The path of one post. */
export class PostParam {
  @StringField({ example: 'userson' })
  username: string;

  @QueryIntField({ example: 1 })
  id: number;
}

/** A post. */
export class PostRead {
  @ApiProperty({ type: 'integer', example: 1 })
  id: number;

  @ApiProperty({ example: TITLE.example })
  title: string;

  @ApiProperty({ example: TEXT.example })
  text: string;

  @ApiProperty({ type: 'string', nullable: true, example: 'https://www.example.com/image.png' })
  media_url: string | null;

  @ApiProperty({ type: 'integer', example: 1 })
  created_by_user_id: number;

  @DateField()
  created_at: Date;
}

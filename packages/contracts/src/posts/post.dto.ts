import { ApiProperty } from '@nestjs/swagger';
import { ListQueryOf } from '../common/list-query.js';
import { ApiDateTime, PartialOf, QueryIntField, StringField, UrlField } from '../rules/index.js';
import { UsernameParam } from '../users/user.dto.js';

const TITLE = { min: 2, max: 30, example: 'This is my post' };
const TEXT = { min: 1, max: 63_206, example: 'This is the content of my post.' };

export class CreatePostDto {
  @StringField(TITLE)
  title: string;

  @StringField(TEXT)
  text: string;

  @UrlField({ optional: true, nullable: true, description: 'Null: no link.' })
  media_url?: string | null;
}

export class UpdatePostDto extends PartialOf(CreatePostDto) {}

export class ListPostsQuery extends ListQueryOf({
  filters: { id: 'int', title: 'text', media_url: 'text | null', created_at: 'timestamp' },
  sorts: ['created_at'],
}) {}

export class PostParam extends UsernameParam {
  @QueryIntField({ example: 1 })
  id: number;
}

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

  @ApiDateTime()
  created_at: Date;
}

import { ApiProperty, OmitType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ListQueryOf } from '../common/list-query.js';
import { rateLimitPath } from '../rate-limit-path.js';
import { IntField, PartialOf, QueryIntField, StringField } from '../rules/index.js';
import { TierNameParam } from './tier.dto.js';

const NAME = { min: 1, max: 255, optional: true, example: 'api_v1_tasks_task:5:3600' };

export class CreateRateLimitDto {
  @Transform(({ value }) => (typeof value === 'string' ? rateLimitPath(value) : value))
  @StringField({ min: 1, max: 200, example: 'api/v1/tasks/task', description: 'A route with a rate limit.' })
  path: string;

  @IntField({ min: 1, example: 5 })
  limit: number;

  @IntField({ min: 1, example: 3600, description: 'In seconds.' })
  period: number;

  @StringField({ ...NAME, nullable: true })
  name?: string | null;
}

export class UpdateRateLimitDto extends PartialOf(OmitType(CreateRateLimitDto, ['name'])) {
  @StringField(NAME)
  name?: string;
}

export class ListRateLimitsQuery extends ListQueryOf({
  filters: { id: 'int', name: 'text', path: 'text', limit: 'int', period: 'int' },
}) {}

export class RateLimitParam extends TierNameParam {
  @QueryIntField({ example: 1 })
  id: number;
}

export class RateLimitRead {
  @ApiProperty({ example: 'api_v1_tasks_task' })
  path: string;

  @ApiProperty({ type: 'integer', example: 5 })
  limit: number;

  @ApiProperty({ type: 'integer', example: 3600, description: 'In seconds.' })
  period: number;

  @ApiProperty({ type: 'integer', example: 1 })
  id: number;

  @ApiProperty({ type: 'integer', example: 1 })
  tier_id: number;

  @ApiProperty({ example: 'api_v1_tasks_task:5:3600' })
  name: string;
}

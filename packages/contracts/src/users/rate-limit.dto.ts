import { ApiProperty } from '@nestjs/swagger';
import { ListQueryOf } from '../common/list-query.js';
import { IntField, QueryIntField } from '../rules/number.fields.js';
import { RateLimitPathField } from '../rules/rate-limit.fields.js';
import { StringField } from '../rules/string.fields.js';

const PERIOD = { min: 1, example: 3600, description: 'In seconds.' };

/** The body of `POST /tier/{tier_name}/rate_limit`. */
export class CreateRateLimitDto {
  @RateLimitPathField()
  path: string;

  @IntField({ min: 1, example: 5 })
  limit: number;

  @IntField(PERIOD)
  period: number;

  @StringField({ min: 1, max: 255, optional: true, nullable: true, example: 'api_v1_tasks_task:5:3600' })
  name?: string | null;
}

/** The body of `PATCH /tier/{tier_name}/rate_limit/{id}`. */
export class UpdateRateLimitDto {
  @RateLimitPathField({ optional: true })
  path?: string;

  @IntField({ min: 1, optional: true, example: 5 })
  limit?: number;

  @IntField({ ...PERIOD, optional: true })
  period?: number;

  @StringField({ min: 1, max: 255, optional: true, example: 'api_v1_tasks_task:5:3600' })
  name?: string;
}

/** The query of `GET /tier/{tier_name}/rate_limits`. */
export class ListRateLimitsQuery extends ListQueryOf({
  filters: { id: 'int', name: 'text', path: 'text', limit: 'int', period: 'int' },
}) {}

/** The path of one rate limit. */
export class RateLimitParam {
  @StringField({ example: 'free' })
  tier_name: string;

  @QueryIntField({ example: 1 })
  id: number;
}

/** A rate limit of a tier. */
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

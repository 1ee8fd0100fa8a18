import { ApiProperty } from '@nestjs/swagger';
import { ListQueryOf } from '../common/list-query.js';
import { DateField } from '../rules/date.field.js';
import { StringField, type StringFieldOptions } from '../rules/string.fields.js';

/** At least one letter or digit: a tier is addressed by its name, and `..` in a path is not one. */
const NAME: StringFieldOptions = {
  min: 1,
  max: 50,
  pattern: /^(?=.*[A-Za-z0-9])[A-Za-z0-9 _.-]+$/,
  patternMessage: "String should consist of letters, digits, spaces, '-', '_' and '.'",
  example: 'free',
};

/** The body of `POST /tier`. */
export class CreateTierDto {
  @StringField(NAME)
  name: string;
}

/** The body of `PATCH /tier/{name}`. */
export class UpdateTierDto {
  @StringField({ ...NAME, optional: true })
  name?: string;
}

/** The query of `GET /tiers`. */
export class ListTiersQuery extends ListQueryOf({
  filters: { id: 'int', name: 'text', created_at: 'timestamp' },
  sorts: ['name', 'created_at'],
}) {}

/** The path of one tier. */
export class TierParam {
  @StringField({ example: 'free' })
  name: string;
}

/** The tier in the path of what belongs to it. */
export class TierNameParam {
  @StringField({ example: 'free' })
  tier_name: string;
}

/** A tier. */
export class TierRead {
  @ApiProperty({ example: 'free' })
  name: string;

  @ApiProperty({ type: 'integer', example: 1 })
  id: number;

  @DateField()
  created_at: Date;
}

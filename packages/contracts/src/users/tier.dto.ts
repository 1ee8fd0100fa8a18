import { ApiProperty } from '@nestjs/swagger';
import { ListQueryOf } from '../common/list-query.js';
import { ApiDateTime, PartialOf, StringField } from '../rules/index.js';

export class CreateTierDto {
  /** The pattern needs a letter or digit, because a tier is addressed by its name and `..` is a part of a path. */
  @StringField({
    min: 1,
    max: 50,
    pattern: /^(?=.*[A-Za-z0-9])[A-Za-z0-9 _.-]+$/,
    patternMessage: "String should consist of letters, digits, spaces, '-', '_' and '.'",
    example: 'free',
  })
  name: string;
}

export class UpdateTierDto extends PartialOf(CreateTierDto) {}

export class ListTiersQuery extends ListQueryOf({
  filters: { id: 'int', name: 'text', created_at: 'timestamp' },
  sorts: ['name', 'created_at'],
}) {}

export class TierParam {
  @StringField({ example: 'free' })
  name: string;
}

export class TierNameParam {
  @StringField({ example: 'free' })
  tier_name: string;
}

export class TierRead {
  @ApiProperty({ example: 'free' })
  name: string;

  @ApiProperty({ type: 'integer', example: 1 })
  id: number;

  @ApiDateTime()
  created_at: Date;
}

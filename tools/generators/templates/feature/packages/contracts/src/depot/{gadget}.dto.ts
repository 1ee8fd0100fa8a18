import { ApiProperty } from '@nestjs/swagger';
import { ListQueryOf } from '../common/list-query.js';
/* dto.imports */

/* dto.constants */

export class CreateGadgetDto {
  /* dto.create */
}

export class UpdateGadgetDto extends PartialOf(CreateGadgetDto) {}

export class GadgetParam {
  @QueryIntField({ example: 1 })
  id: number;
}

export class ListGadgetsQuery extends ListQueryOf({
  filters: {
    id: 'int',
    /* dto.filters */
    created_by_user_id: 'int',
    created_at: 'timestamp',
  },
  sorts: ['created_at'],
}) {}

export class GadgetRead {
  @ApiProperty({ type: 'integer', example: 1 })
  id: number;

  /* dto.read */

  @ApiProperty({ type: 'integer', example: 1 })
  created_by_user_id: number;

  @ApiDateTime()
  created_at: Date;
}

import { ApiProperty } from '@nestjs/swagger';
import { ListQueryOf } from '../common/list-query.js';
/* dto.imports */

/* dto.constants */

/** The body of `POST /<gadget>`. */
export class CreateGadgetDto {
  /* dto.create */
}

/** The body of `PATCH /<gadget>/{id}`. */
export class UpdateGadgetDto extends PartialOf(CreateGadgetDto) {}

export class GadgetParam {
  @QueryIntField({ example: 1 })
  id: number;
}

/** The query of `GET /<gadgets>`. */
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

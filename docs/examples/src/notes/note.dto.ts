import { ApiProperty } from '@nestjs/swagger';
import { ApiDateTime, ListQueryOf } from '@repo/contracts';

// #region read
export class NoteRead {
  @ApiProperty({ type: 'integer' })
  id: number;

  @ApiProperty()
  slug: string;

  @ApiDateTime({ nullable: true })
  due_at: Date | null;
}
// #endregion

// #region list
/** The query of `GET /notes`. */
export class ListNotesQuery extends ListQueryOf({
  filters: { id: 'int', slug: 'text', due_at: 'timestamp | null' },
  sorts: ['due_at'],
}) {}
// #endregion

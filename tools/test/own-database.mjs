// Runs before each test file: its services use a database, Redis keys and NATS names that no other file uses.
import { randomBytes } from 'node:crypto';

process.env.POSTGRES_DB = `test_${randomBytes(6).toString('hex')}`;

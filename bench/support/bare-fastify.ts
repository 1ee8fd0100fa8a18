// The baseline for the services: node bare-fastify.ts <port>
import fastify from 'fastify';

const app = fastify();
app.get('/', async () => ({ id: 1, title: 'A title', text: 'A text', created_by_user_id: 1 }));
await app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) });

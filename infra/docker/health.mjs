// Exits 0 when the process in this container is ready to work.
const answer = await fetch(`http://127.0.0.1:${process.env.INTERNAL_PORT}/health/ready`).catch(
  () => undefined,
);
process.exit(answer?.ok ? 0 : 1);

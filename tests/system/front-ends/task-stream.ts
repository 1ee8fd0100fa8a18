interface TaskState {
  /** Null until the task has ended. */
  success: boolean | null;
}

/** The states of a task, until it has ended. Connects again when the connection was lost, and gets no state twice. */
export async function* watchTask<T extends TaskState>(url: string, token: () => string): AsyncGenerator<T> {
  for (let last = ''; ;) {
    const headers = { Authorization: `Bearer ${token()}`, 'Last-Event-ID': last };
    const response = await fetch(`${url}/events`, { headers });
    if (!response.ok) throw new Error(`The task cannot be read: ${response.status}`);
    let text = '';
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      const frames = (text + part).split('\n\n');
      text = frames.pop()!;
      for (const frame of frames) {
        const [, id, data] = /^id: (.*)\nevent: task\ndata: (.*)$/.exec(frame) ?? [];
        if (!id || !data) continue; // a comment keeps the connection open
        last = id;
        const task = JSON.parse(data) as T;
        yield task;
        if (task.success !== null) return;
      }
    }
  }
}

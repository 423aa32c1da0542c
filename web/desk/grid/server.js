// Asking the server: everything goes out as JSON with the form's token; a refusal comes back as a Problem.
export class Refused extends Error {
  constructor(problem) {
    super(problem.what)
    this.problem = problem
  }
}

const token = () => document.querySelector('[name=csrfmiddlewaretoken]').value

export async function ask(url, told) {
  const answer = await fetch(url, {
    method: told === undefined ? 'GET' : 'POST',
    headers: { 'X-CSRFToken': token(), 'Content-Type': 'application/json', Accept: 'application/json' },
    body: told === undefined ? undefined : JSON.stringify(told),
    credentials: 'same-origin',
  })
  const isJson = (answer.headers.get('Content-Type') || '').includes('json')
  const found = isJson ? await answer.json() : null
  if (found && found.problem) throw new Refused(found.problem)
  if (!found) throw new Error(`${answer.status}`)
  return found
}

export const say = (sentence, words = {}) => sentence.replace(/{(\w+)}/g, (_, name) => words[name] ?? '')

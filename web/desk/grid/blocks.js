// Blocks of cells as WPS and Excel put them on the clipboard: tabs between cells, line ends between rows, quotes round
// a cell that holds either.
export function readBlock(text) {
  const rows = [[]]
  let cell = ''
  let quoted = false
  const body = text.replace(/\r\n?/g, '\n').replace(/\n$/, '')
  for (let place = 0; place < body.length; place += 1) {
    const char = body[place]
    if (quoted) {
      if (char !== '"') cell += char
      else if (body[place + 1] === '"') [cell, place] = [`${cell}"`, place + 1]
      else quoted = false
    } else if (char === '"' && cell === '') quoted = true
    else if (char === '\t' || char === '\n') {
      rows[rows.length - 1].push(cell)
      cell = ''
      if (char === '\n') rows.push([])
    } else cell += char
  }
  rows[rows.length - 1].push(cell)
  return rows
}

export function writeBlock(rows) {
  const one = (text) => (/[\t\n"]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text)
  return rows.map((row) => row.map(one).join('\t')).join('\n')
}

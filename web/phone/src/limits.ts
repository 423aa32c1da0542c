import limits from '../../../contract/limits.json'

/** What both sides hold to (contract/limits.json): the screens stop before the server would. */
export default limits

/** Giving visits to a colleague and taking them, by light. */
export const GIVING: Record<string, string> = {
  '转给同事': 'Give to a colleague',
  '转给同事（扫码）': 'Give to a colleague (by QR)',
  '替同事收走访': "Take a colleague's visits",
  '替同事交': "a colleague's",
  '扫码，不用信号': 'by QR, no signal needed',
  '摄像头打不开。请在手机设置里允许这个网页用摄像头；还不行就用“导出密封件”。':
    'The camera cannot be opened. Allow it for this page in the settings; failing that, use “Export sealed items”.',
  '摄像头看到的': 'What the camera sees',
  '给{name}：{n} 件': 'For {name}: {n} items',
  '密封的走访，一格一格地放': 'Sealed visits, shown piece by piece',
  '请{name}把镜头对着这里，等那边说“收好了”再走。这边的都还在，有信号照样自己交，重复的只算一次。':
    'Let {name} point the camera here until it says “All here”. It stays here, too; handed in twice counts once.',
  '照片太大，不走二维码：{n} 张留在这部手机上，有信号时自己交。':
    'Photos are too large for codes: {n} stay on this phone and go in with a signal.',
  '那边收好了': 'It is all there',
  '没有信号时，把没交的走访转到同事手机上，由那边交。那边只能交，看不到内容。':
    "Without a signal, visits can go to a colleague's phone and be handed in there. It cannot read them.",
  '请同事打开“我的 → 替同事收走访”，再点下面，对着那个码。':
    "Ask the colleague to open “Me → Take a colleague's visits”, then tap below and point at that code.",
  '没交的 {n} 件': '{n} not handed in',
  '没写完的 {n} 条一起转（转了就不能再接着写，社区核对后收下）':
    'Give the {n} unfinished, too (they cannot be gone on with; the office checks them first)',
  '扫同事手机上的码': "Scan the code on the colleague's phone",
  '这些码不是给这部手机的。请让对方重新扫这边的码。': 'These codes are not for this phone. Let the colleague scan the code here again.',
  '{name}转来的': 'from {name}',
  '收好了：{name}的 {n} 件': "All here: {n} of {name}'s",
  '都密封着，这部手机看不到内容；有信号会自己交，在“未上传”里看得到交了没有。':
    'All sealed: this phone cannot read them. They go in with a signal; “Not uploaded” says whether they have.',
  '收到 {have} / {of} 格': '{have} of {of} pieces',
  '把镜头对着同事手机上的码': "Point the camera at the colleague's code",
  '这次见面用的码': 'The code for this meeting',
  '请同事在“未上传 → 转给同事”里扫这个码。对方屏幕上出现会动的码以后，点下面。':
    'The colleague scans this under “Not uploaded → Give to a colleague”. When moving codes appear there, tap below.',
  '扫同事手机上会动的码': "Scan the moving codes on the colleague's phone",
}

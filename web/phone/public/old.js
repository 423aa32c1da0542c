/* For browsers that cannot run the app: plain old words instead of a blank page. Kept in the oldest JavaScript. */
(function () {
  function say() {
    var app = document.getElementById('app')
    if (!app || app.firstChild) return
    app.innerHTML = '<main class="old"><h1>\u6572\u95e8</h1><p>' +
      '这部手机的浏览器太旧，打不开敲门。以前存下的走访都还在手机里。</p><p>请在应用商店更新浏览器（Chrome 87 或 Safari 14 以上），' +
      '或换一部手机；更新以前先记在纸上，交给社区录入。</p><p lang="en">This browser is too old for Qiaomen; what was saved is ' +
      'still on the phone. Update the browser, or use paper meanwhile.</p></main>'
  }
  window.addEventListener('error', function (event) {
    if (event.error instanceof SyntaxError || /SyntaxError/.test(event.message || '')) say()
  })
  window.addEventListener('load', function () { setTimeout(say, 15000) })
  if (!('noModule' in document.createElement('script'))) window.addEventListener('load', say)
})()

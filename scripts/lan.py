"""`--lan`: HTTPS for the phones of one network, and how a phone comes to trust it."""

import json
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer

from scripts.base import PY, ROOT, stop

ADDRESSES = """
  办公端   https://{address}:{port}/desk/
  手机     https://{address}:{port}/m/
  根证书   http://{address}:{ca_port}/qiaomen-ca.crt"""
HOW_TO_TRUST = """
  每部手机先装一次根证书（只为这台电脑的地址作保）：
  安卓     用浏览器打开“根证书”地址下载 → 设置 → 安全 → 更多安全设置 → 安装证书 → CA 证书 → 选中下载的文件
  iPhone   用 Safari 打开“根证书”地址 → 允许下载描述文件 → 设置 → 通用 → VPN 与设备管理 → 安装；
           再到 设置 → 通用 → 关于本机 → 证书信任设置，打开“敲门 Qiaomen”
  安装前核对 SHA-256 指纹，不一致就不要安装：
  {first}
  {second}
  演示密码是公开的：同一网络里的人都能登录演示县，不要在这里放真实居民的资料"""


def offer_ca(pem: Path, port: int) -> ThreadingTCPServer:
    """Hand out the CA's public certificate, and nothing else, over plain HTTP: phones need it before HTTPS works."""
    body = ssl.PEM_cert_to_DER_cert(pem.read_text())

    class Server(ThreadingTCPServer):  # not HTTPServer: that one asks the name service before it starts
        allow_reuse_address = daemon_threads = True

    class Handler(BaseHTTPRequestHandler):
        timeout = 20

        def do_GET(self) -> None:
            if self.path != "/qiaomen-ca.crt":
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/x-x509-ca-cert")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            """Keep the terminal quiet."""

    try:
        server = Server(("0.0.0.0", port), Handler)
    except OSError:
        stop(f"端口 {port} 已被占用（证书下载要用它）。换一个端口再试：python3 start.py --lan --port {port + 99}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def open_to_lan(data: str, port: str, env: "dict[str, str]") -> "tuple[list[str], ThreadingTCPServer]":
    """Make the certificates, tell in Chinese how phones join; returns the web server's TLS words and the CA's
    server.
    """
    made = subprocess.run([str(PY), "-m", "qiaomen.lan", data], cwd=ROOT, stdout=subprocess.PIPE)
    if made.returncode:
        stop("没有做成局域网证书，原因见上")
    tls = json.loads(made.stdout)
    if not tls["addresses"]:
        stop("没有找到局域网地址。请先连上网络（Wi-Fi 或网线），再运行 python3 start.py --lan")
    env.update(QM_HTTPS="1", QM_ALLOWED_HOSTS=",".join(tls["hosts"]))
    server = offer_ca(Path(tls["ca"]), int(port) + 1)
    for address in tls["addresses"]:
        print(ADDRESSES.format(address=address, port=port, ca_port=int(port) + 1), flush=True)
    print(HOW_TO_TRUST.format(first=tls["fingerprint"][:47], second=tls["fingerprint"][48:]), flush=True)
    return ["--ssl-certificate", tls["certificate"], "--ssl-keyfile", tls["key"]], server

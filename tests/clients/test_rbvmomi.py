# SPDX-License-Identifier: LGPL-2.1-or-later
"""rbvmomi, which speaks to a vCenter from Ruby."""

import shutil
import subprocess

import pytest

from conftest import PASSWORD, PATIENCE, USER

SCRIPT = """
require 'rbvmomi'
begin
  vim = RbVmomi::VIM.connect(host: '127.0.0.1', port: %(port)d, user: '%(user)s', password: '%(password)s', insecure: true)
rescue RbVmomi::Fault => e
  puts e.fault.class.wsdl_name
  exit 0
end
content = vim.serviceInstance.content
puts content.about.apiType
puts vim.serviceInstance.RetrieveServiceContent.rootFolder.name
puts content.sessionManager.currentSession.userName
puts vim.serviceInstance.CurrentTime.class
vim.serviceContent.sessionManager.Logout
begin
  content.sessionManager.sessionList
rescue RbVmomi::Fault => e
  puts e.fault.class.wsdl_name
end
"""


def ruby(host, password):
    if not shutil.which("ruby"):
        pytest.skip("ruby is missing; tools/install-packages check installs it with rbvmomi")
    done = subprocess.run(["ruby", "-W0", "-e", SCRIPT % {"port": host.port, "user": USER, "password": password}],
                          capture_output=True, text=True, check=False, timeout=PATIENCE)
    if "cannot load such file -- rbvmomi" in done.stderr:
        pytest.skip("rbvmomi is missing; tools/install-packages check installs it")
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


def test_login_and_content(host):
    assert ruby(host, PASSWORD) == ["VirtualCenter", "Datacenters", USER, "Time", "NotAuthenticated"]


def test_wrong_password(host):
    assert ruby(host, "wrong") == ["InvalidLogin"]

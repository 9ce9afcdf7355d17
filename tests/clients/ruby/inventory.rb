# SPDX-License-Identifier: LGPL-2.1-or-later
# Lists the inventory by rbvmomi, as JSON: inventory.rb HOST PORT USER PASSWORD
require 'json'
require 'rbvmomi'

host, port, user, password = ARGV
vim = RbVmomi::VIM.connect host: host, port: port.to_i, user: user, password: password, insecure: true
content = vim.serviceContent
datacenter = vim.serviceInstance.find_datacenter
compute = datacenter.hostFolder.children.first
machine = compute.host.first

def paths(folder, above)
  folder.children.flat_map do |child|
    path = "#{above}/#{child.name}"
    child.is_a?(RbVmomi::VIM::Folder) ? [path] + paths(child, path) : [path]
  end
end

options = machine.configManager.advancedOption.QueryOptions name: 'Mem.'
puts JSON.generate(
  'name' => content.about.name, 'type' => content.about.apiType, 'rev' => vim.rev,
  'datacenter' => datacenter.name, 'path' => datacenter.pretty_path,
  'vms' => paths(datacenter.vmFolder, datacenter.vmFolder.name),
  'found' => datacenter.find_vm('test')&.name,
  'pool' => compute.resourcePool.name,
  'memory' => machine.hardware.memorySize, 'connected' => machine.runtime.connectionState,
  'options' => options.to_h { |option| [option.key, option.value] },
  'collected' => vim.serviceContent.rootFolder.collect('name', 'childType').first
)
vim.close

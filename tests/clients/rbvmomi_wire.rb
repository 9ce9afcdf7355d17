# SPDX-License-Identifier: LGPL-2.1-or-later
# What rbvmomi writes and reads, without a connection:
#   rbvmomi_wire.rb request   a ReconfigVM_Task, as it would be sent
#   rbvmomi_wire.rb answer    an answer of RetrieveProperties comes in, what it understood goes out as JSON
require 'json'
require 'nokogiri'
require 'rbvmomi'

VIM = RbVmomi::VIM
CONNECTION = VIM.allocate
CONNECTION.instance_variable_set(:@ns, 'urn:vim25')

def request
  disk = VIM.VirtualDisk(key: -1, capacityInKB: 1024, backing: VIM.VirtualDiskFlatVer2BackingInfo(
    fileName: '[a] <b>', diskMode: 'persistent', datastore: VIM::Datastore.new(CONNECTION, 'datastore-1')))
  spec = VIM.VirtualMachineConfigSpec(
    memoryMB: 512, deviceChange: [{ operation: :add, device: disk }],
    extraConfig: [{ key: 'text', value: 'a & b' }, { key: 'number', value: 5 }, { key: 'truth', value: true },
                  { key: 'time', value: Time.utc(2020, 2, 29) }])
  params = VIM::VirtualMachine.full_methods_desc['ReconfigVM_Task']['params']
  CONNECTION.send(:soap_envelope) do |xml|
    CONNECTION.send(:emit_request, xml, 'ReconfigVM_Task', params, VIM::VirtualMachine.new(CONNECTION, 'vm-1'),
                    spec: spec)
  end.target!
end

def plain(value)
  case value
  when Array then value.map { |item| plain(item) }
  when RbVmomi::BasicTypes::ManagedObject then "#{value.class.wsdl_name}:#{value._ref}"
  when RbVmomi::BasicTypes::DataObject
    { 'type' => value.class.wsdl_name }.merge(value.props.reject { |_, v| v == [] }.to_h { |k, v| [k, plain(v)] })
  when Time then value.utc.strftime('%FT%T.%LZ')
  else value
  end
end

def answer(text)
  response = Nokogiri(text).at_xpath('//*[local-name()="RetrievePropertiesResponse"]')
  reader = RbVmomi::NewDeserializer.new(CONNECTION)
  response.children.select(&:element?).map { |child| plain(reader.deserialize(child, 'ObjectContent')) }
end

puts(ARGV[0] == 'request' ? request : JSON.generate(answer($stdin.read)))

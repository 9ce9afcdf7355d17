// SPDX-License-Identifier: LGPL-2.1-or-later

// Does by govmomi what an administrator's tools do to VMs, disks, cards, datastores, pools and options, and tells as JSON
// what came of it.
//
//	administration URL DATASTORE
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/event"
	"github.com/vmware/govmomi/find"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/performance"
	"github.com/vmware/govmomi/property"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

type report struct {
	Option   interface{}       // of the host, set
	Extra    map[string]string // of the VM, set
	Devices  []string          // of the VM, in the end
	Disks    []string          // their files
	Counters []string
	Events   []string // types of the VM's
	Tree     string   // of snapshots: the current one
	Uploaded string   // content of a file, read again
	Stat     string   // name of a file
	Clone    string   // path of the linked clone
	Field    string   // a custom field's value
	Pool     int64    // limit of the pool's memory
	Refused  string   // what it said of a disk that is not there
}

type work struct {
	ctx       context.Context
	client    *govmomi.Client
	finder    *find.Finder
	center    *object.Datacenter
	folders   *object.DatacenterFolders
	pool      *object.ResourcePool
	host      *object.HostSystem
	datastore *object.Datastore
	vm        *object.VirtualMachine
	found     report
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Waits; what the task has made.
func (w *work) wait(task *object.Task, err error) interface{} {
	check(err)
	info, err := task.WaitForResult(w.ctx, nil)
	check(err)
	return info.Result
}

func (w *work) look(name string) {
	var err error

	w.finder = find.NewFinder(w.client.Client, false)
	w.center, err = w.finder.DefaultDatacenter(w.ctx)
	check(err)
	w.finder.SetDatacenter(w.center)
	w.folders, err = w.center.Folders(w.ctx)
	check(err)
	w.pool, err = w.finder.DefaultResourcePool(w.ctx)
	check(err)
	w.host, err = w.finder.DefaultHostSystem(w.ctx)
	check(err)
	w.datastore, err = w.finder.Datastore(w.ctx, name)
	check(err)
}

func (w *work) option() {
	manager, err := w.host.ConfigManager().OptionManager(w.ctx)
	check(err)
	check(manager.Update(w.ctx, []types.BaseOptionValue{&types.OptionValue{Key: "Mem.CtlMaxPercent", Value: int64(50)}}))
	options, err := manager.Query(w.ctx, "Mem.CtlMaxPercent")
	check(err)
	w.found.Option = options[0].GetOptionValue().Value
}

func (w *work) create() {
	var devices object.VirtualDeviceList

	scsi, err := devices.CreateSCSIController("pvscsi")
	check(err)
	devices = append(devices, scsi)
	controller, err := devices.FindDiskController(devices.Name(scsi))
	check(err)
	disk := devices.CreateDisk(controller, w.datastore.Reference(), w.datastore.Path("tools/system.vmdk"))
	disk.CapacityInKB = 16 << 10
	ide, err := devices.CreateIDEController()
	check(err)
	devices = append(devices, ide)
	cdrom, err := devices.CreateCdrom(ide.(*types.VirtualIDEController))
	check(err)
	devices = append(devices, disk, devices.InsertIso(cdrom, w.datastore.Path("tools.iso")))
	changes, err := devices.ConfigSpec(types.VirtualDeviceConfigSpecOperationAdd)
	check(err)
	spec := types.VirtualMachineConfigSpec{Name: "tools", MemoryMB: 64, NumCPUs: 1, GuestId: "debian11_64Guest",
		Files: &types.VirtualMachineFileInfo{VmPathName: w.datastore.Path("")}, DeviceChange: changes}
	made := w.wait(w.folders.VmFolder.CreateVM(w.ctx, spec, w.pool, w.host))
	w.vm = object.NewVirtualMachine(w.client.Client, made.(types.ManagedObjectReference))
}

func (w *work) extra() {
	w.wait(w.vm.Reconfigure(w.ctx, types.VirtualMachineConfigSpec{Annotation: "by govmomi", ExtraConfig: []types.BaseOptionValue{
		&types.OptionValue{Key: "guestinfo.owner", Value: "olga"}, &types.OptionValue{Key: "sched.mem.max", Value: "48"}}}))
	var vm mo.VirtualMachine
	check(property.DefaultCollector(w.client.Client).RetrieveOne(w.ctx, w.vm.Reference(),
		[]string{"config.extraConfig", "config.annotation"}, &vm))
	w.found.Extra = map[string]string{"annotation": vm.Config.Annotation}
	for _, option := range vm.Config.ExtraConfig {
		value := option.GetOptionValue()
		w.found.Extra[value.Key] = fmt.Sprint(value.Value)
	}
}

func (w *work) disks() {
	manager := object.NewVirtualDiskManager(w.client.Client)
	w.wait(manager.CreateVirtualDisk(w.ctx, w.datastore.Path("tools/more.vmdk"), w.center,
		&types.FileBackedVirtualDiskSpec{VirtualDiskSpec: types.VirtualDiskSpec{DiskType: "thin", AdapterType: "lsiLogic"},
			CapacityKb: 16 << 10}))
	for _, name := range []string{"tools/more.vmdk", "tools/nothing.vmdk"} {
		devices, err := w.vm.Device(w.ctx)
		check(err)
		controller, err := devices.FindDiskController("")
		check(err)
		disk := devices.CreateDisk(controller, w.datastore.Reference(), w.datastore.Path(name))
		if err = w.vm.AddDevice(w.ctx, disk); err != nil {
			w.found.Refused = err.Error()
		}
	}
	devices, err := w.vm.Device(w.ctx)
	check(err)
	cdrom, err := devices.FindCdrom("")
	check(err)
	check(w.vm.EditDevice(w.ctx, devices.EjectIso(cdrom)))
	for _, device := range devices {
		w.found.Devices = append(w.found.Devices, devices.Type(device))
		if disk, is := device.(*types.VirtualDisk); is {
			w.found.Disks = append(w.found.Disks, disk.Backing.(types.BaseVirtualDeviceFileBackingInfo).GetVirtualDeviceFileBackingInfo().FileName)
		}
	}
}

func (w *work) snapshots() {
	w.wait(w.vm.CreateSnapshot(w.ctx, "base", "words", false, false))
	snapshot, err := w.vm.FindSnapshot(w.ctx, "base")
	check(err)
	pool, folder, datastore := w.pool.Reference(), w.folders.VmFolder.Reference(), w.datastore.Reference()
	clone := types.VirtualMachineCloneSpec{Snapshot: snapshot, Location: types.VirtualMachineRelocateSpec{Pool: &pool,
		Folder: &folder, Datastore: &datastore, DiskMoveType: string(types.VirtualMachineRelocateDiskMoveOptionsCreateNewChildDiskBacking)}}
	made := w.wait(w.vm.Clone(w.ctx, w.folders.VmFolder, "tools-clone", clone))
	linked := object.NewVirtualMachine(w.client.Client, made.(types.ManagedObjectReference))
	w.found.Clone, err = find.InventoryPath(w.ctx, w.client.Client, linked.Reference())
	check(err)
	w.wait(linked.Destroy(w.ctx))
	w.wait(w.vm.RevertToSnapshot(w.ctx, "base", true))
	var vm mo.VirtualMachine
	check(w.vm.Properties(w.ctx, w.vm.Reference(), []string{"snapshot"}, &vm))
	w.found.Tree = vm.Snapshot.RootSnapshotList[0].Name
	w.wait(w.vm.RemoveAllSnapshot(w.ctx, types.NewBool(true)))
}

func (w *work) power() {
	w.wait(w.vm.PowerOn(w.ctx))
	check(w.vm.WaitForPowerState(w.ctx, types.VirtualMachinePowerStatePoweredOn))
	manager := performance.NewManager(w.client.Client)
	counters, err := manager.CounterInfoByName(w.ctx)
	check(err)
	for name := range counters {
		w.found.Counters = append(w.found.Counters, name)
	}
	w.wait(w.vm.PowerOff(w.ctx))

	err = event.NewManager(w.client.Client).Events(w.ctx, []types.ManagedObjectReference{w.vm.Reference()}, 50, false, false,
		func(_ types.ManagedObjectReference, events []types.BaseEvent) error {
			for _, one := range events {
				w.found.Events = append(w.found.Events, strings.TrimPrefix(fmt.Sprintf("%T", one), "*types."))
			}
			return nil
		})
	check(err)
}

func (w *work) files() {
	upload := soap.DefaultUpload
	upload.ContentLength = 5
	check(w.datastore.Upload(w.ctx, strings.NewReader("hello"), "tools.iso", &upload))
	content, _, err := w.datastore.Download(w.ctx, "tools.iso", nil)
	check(err)
	text := make([]byte, 16)
	n, _ := content.Read(text)
	content.Close()
	w.found.Uploaded = string(text[:n])
	info, err := w.datastore.Stat(w.ctx, "tools.iso")
	check(err)
	w.found.Stat = info.GetFileInfo().Path
}

func (w *work) fields() {
	manager, err := object.GetCustomFieldsManager(w.client.Client)
	check(err)
	field, err := manager.Add(w.ctx, "Tool", "VirtualMachine", nil, nil)
	check(err)
	check(manager.Set(w.ctx, w.vm.Reference(), field.Key, "govmomi"))
	var vm mo.VirtualMachine
	check(w.vm.Properties(w.ctx, w.vm.Reference(), []string{"customValue"}, &vm))
	w.found.Field = vm.CustomValue[0].(*types.CustomFieldStringValue).Value
	check(manager.Remove(w.ctx, field.Key))
}

func (w *work) pools() {
	spec := types.DefaultResourceConfigSpec()
	spec.MemoryAllocation.Limit = types.NewInt64(512)
	pool, err := w.pool.Create(w.ctx, "tools", spec)
	check(err)
	reference := pool.Reference()
	w.wait(w.vm.Relocate(w.ctx, types.VirtualMachineRelocateSpec{Pool: &reference}, types.VirtualMachineMovePriorityDefaultPriority))
	var found mo.ResourcePool
	check(pool.Properties(w.ctx, reference, []string{"config", "vm"}, &found))
	if len(found.Vm) == 1 {
		w.found.Pool = *found.Config.MemoryAllocation.Limit
	}
	w.wait(w.vm.Destroy(w.ctx))
	w.wait(pool.Destroy(w.ctx))
}

func main() {
	ctx := context.Background()
	address, err := url.Parse(os.Args[1])
	check(err)
	client, err := govmomi.NewClient(ctx, address, true)
	check(err)
	w := work{ctx: ctx, client: client}

	w.look(os.Args[2])
	w.option()
	w.files()
	w.create()
	w.extra()
	w.disks()
	w.snapshots()
	w.power()
	w.fields()
	w.pools()
	check(client.Logout(ctx))
	check(json.NewEncoder(os.Stdout).Encode(w.found))
}

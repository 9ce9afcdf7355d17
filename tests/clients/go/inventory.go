// SPDX-License-Identifier: LGPL-2.1-or-later

// Lists the inventory by govmomi's finder, views and property filters, as JSON.
//
//	inventory URL
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/find"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/property"
	"github.com/vmware/govmomi/view"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

type report struct {
	About   types.AboutInfo
	IsVC    bool
	Root    string
	Paths   []string // what the finder finds, by "..."
	Default string   // datacenter
	Hosts   []string
	Pools   []string
	VMs     []string
	ByName  []string // VMs whose name is "test", by a view and a filter
	Memory  int64    // of the host, by its properties
	Options map[string]interface{}
	Time    bool
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func findAll(ctx context.Context, client *govmomi.Client, found *report) {
	finder := find.NewFinder(client.Client, true)

	elements, err := finder.ManagedObjectListChildren(ctx, "/...")
	check(err)
	for _, element := range elements {
		found.Paths = append(found.Paths, element.Path)
	}
	datacenter, err := finder.DefaultDatacenter(ctx)
	check(err)
	found.Default = datacenter.InventoryPath
	finder.SetDatacenter(datacenter)

	hosts, err := finder.HostSystemList(ctx, "*")
	check(err)
	for _, host := range hosts {
		found.Hosts = append(found.Hosts, host.InventoryPath)
	}
	pools, err := finder.ResourcePoolList(ctx, "*/Resources/*")
	check(err)
	for _, pool := range pools {
		found.Pools = append(found.Pools, pool.InventoryPath)
	}
	vms, err := finder.VirtualMachineList(ctx, "*")
	check(err)
	for _, vm := range vms {
		found.VMs = append(found.VMs, vm.InventoryPath)
	}

	var host mo.HostSystem
	check(hosts[0].Properties(ctx, hosts[0].Reference(), []string{"hardware", "summary", "config"}, &host))
	found.Memory = host.Hardware.MemorySize
	manager, err := hosts[0].ConfigManager().OptionManager(ctx)
	check(err)
	options, err := manager.Query(ctx, "Mem.")
	check(err)
	found.Options = map[string]interface{}{}
	for _, option := range options {
		found.Options[option.GetOptionValue().Key] = option.GetOptionValue().Value
	}
}

// Whether ServiceInstance tells the time.
func hasTime(ctx context.Context, client *govmomi.Client) bool {
	var service mo.ServiceInstance
	reference := types.ManagedObjectReference{Type: "ServiceInstance", Value: "ServiceInstance"}

	check(property.DefaultCollector(client.Client).RetrieveOne(ctx, reference, []string{"serverClock"}, &service))
	return service.ServerClock.Year() > 2000
}

func main() {
	ctx := context.Background()
	address, err := url.Parse(os.Args[1])
	check(err)
	client, err := govmomi.NewClient(ctx, address, true)
	check(err)

	found := report{About: client.ServiceContent.About, IsVC: client.IsVC(),
		Root: object.NewRootFolder(client.Client).Reference().Value}
	findAll(ctx, client, &found)

	views := view.NewManager(client.Client)
	container, err := views.CreateContainerView(ctx, client.ServiceContent.RootFolder, []string{"VirtualMachine"}, true)
	check(err)
	references, err := container.Find(ctx, []string{"VirtualMachine"}, property.Filter{"name": "te*"})
	check(err)
	for _, reference := range references {
		found.ByName = append(found.ByName, reference.Value)
	}
	check(container.Destroy(ctx))
	found.Time = hasTime(ctx, client)
	check(client.Logout(ctx))
	check(json.NewEncoder(os.Stdout).Encode(found))
}

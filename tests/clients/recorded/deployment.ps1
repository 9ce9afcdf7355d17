# Does again what was recorded, on the server that Connect-VIServer has connected to.
$ErrorActionPreference = 'Stop'
$content = (Get-View ServiceInstance).Content
function At($path) {
    if ($path -eq '') { return $content.RootFolder }
    $found = (Get-View $content.SearchIndex).FindByInventoryPath($path)
    if ($null -eq $found) { throw "there is nothing at $path" }
    $found
}
function Snapshot($path, $name) {
    $trees = @((Get-View (At $path)).Snapshot.RootSnapshotList)
    while ($trees) {
        foreach ($tree in $trees) { if ($tree.Name -eq $name) { return $tree.Snapshot } }
        $trees = @($trees | ForEach-Object { $_.ChildSnapshotList } | Where-Object { $_ })
    }
    throw "$path has no snapshot $name"
}
function Entity($path) { Get-VIObjectByVIView -MORef (At $path) }
function EntitySnapshot($path, $name) { Get-VIObjectByVIView -MORef (Snapshot $path $name) }
function Specification($name) {
    Get-OSCustomizationSpec | Where-Object { $_.Name -eq $name }
}
function Spec($name) {
    (Get-View $content.CustomizationSpecManager).GetCustomizationSpec($name).Spec
}
function Thing($type, $id) {
    New-Object VMware.Vim.ManagedObjectReference -Property @{ Type = $type; Value = $id }
}
function Field($name) {
    ((Get-View $content.CustomFieldsManager).Field | Where-Object { $_.Name -eq $name }).Key
}
function Secret($name) {
    (New-Object System.Net.NetworkCredential('', (Read-Host $name -AsSecureString))).Password
}
function Do-Call($result) {
    if ($result -is [VMware.Vim.ManagedObjectReference] -and $result.Type -eq 'Task') {
        $null = Get-Task -Id "Task-$($result.Value)" | Wait-Task
    }
}
function Invoke-Operation($method, $operation, $arguments) {
    $server = $global:DefaultVIServer
    $call = @{
        Method = 'Post'
        Uri = "https://$($server.Name):$($server.Port)/sdk/vim25/8.0.1.0" +
            "/AerostatManager/AerostatManager/$method"
        ContentType = 'application/json; charset=utf-8'
        Headers = @{ 'vmware-api-session-id' = $server.SessionSecret }
        Body = ConvertTo-Json @{
            operation = $operation
            arguments = ConvertTo-Json $arguments -Depth 64 -Compress
        }
    }
    $result = Invoke-RestMethod @call -SkipCertificateCheck
    if ($method -like '*_Task') { return Thing 'Task' $result.value }
    $result
}

$vm = New-VM `
    -Name 'Capture01' `
    -VM (Entity 'Datacenter/vm/lab/Tmpl Capture 1.0') `
    -Location (Entity 'Datacenter/vm/lab') `
    -ResourcePool (Entity 'Datacenter/host/HOST/Resources') `
    -ReferenceSnapshot (EntitySnapshot 'Datacenter/vm/lab/Tmpl Capture 1.0' 'base') `
    -LinkedClone `
    -OSCustomizationSpec (Specification 'capture')
Start-VM -VM $vm -Confirm:$false
$vm = New-VM `
    -Name 'Capture02' `
    -VM (Entity 'Datacenter/vm/lab/Tmpl Capture 1.0') `
    -Location (Entity 'Datacenter/vm/lab') `
    -ResourcePool (Entity 'Datacenter/host/HOST/Resources') `
    -ReferenceSnapshot (EntitySnapshot 'Datacenter/vm/lab/Tmpl Capture 1.0' 'base') `
    -LinkedClone `
    -OSCustomizationSpec (Specification 'capture')
Start-VM -VM $vm -Confirm:$false
$vm = New-VM `
    -Name 'Capture03' `
    -VM (Entity 'Datacenter/vm/lab/Tmpl Capture 1.0') `
    -Location (Entity 'Datacenter/vm/lab') `
    -ResourcePool (Entity 'Datacenter/host/HOST/Resources') `
    -ReferenceSnapshot (EntitySnapshot 'Datacenter/vm/lab/Tmpl Capture 1.0' 'base') `
    -LinkedClone `
    -OSCustomizationSpec (Specification 'capture')
Start-VM -VM $vm -Confirm:$false
Set-Annotation `
    -Entity (Entity 'Datacenter/vm/lab/Capture01') `
    -CustomAttribute 'Owner' `
    -Value 'it''s "anna"'
Set-Annotation `
    -Entity (Entity 'Datacenter/vm/lab/Capture01') `
    -CustomAttribute 'Template' `
    -Value 'Tmpl Capture 1.0'
Set-Annotation `
    -Entity (Entity 'Datacenter/vm/lab/Capture02') `
    -CustomAttribute 'Owner' `
    -Value 'it''s "anna"'
Set-Annotation `
    -Entity (Entity 'Datacenter/vm/lab/Capture02') `
    -CustomAttribute 'Template' `
    -Value 'Tmpl Capture 1.0'
Set-Annotation `
    -Entity (Entity 'Datacenter/vm/lab/Capture03') `
    -CustomAttribute 'Owner' `
    -Value 'it''s "anna"'
Set-Annotation `
    -Entity (Entity 'Datacenter/vm/lab/Capture03') `
    -CustomAttribute 'Template' `
    -Value 'Tmpl Capture 1.0'
Do-Call ((Get-View (At 'Datacenter/vm')).CreateVM_Task(
    (New-Object VMware.Vim.VirtualMachineConfigSpec -Property @{
        name = 'web1'
        annotation = ''
        files = (New-Object VMware.Vim.VirtualMachineFileInfo -Property @{
            vmPathName = '[store]'
        })
        numCPUs = 1
        memoryMB = 96
        deviceChange = @(
            (New-Object VMware.Vim.VirtualDeviceConfigSpec -Property @{
                operation = 'add'
                device = (New-Object VMware.Vim.ParaVirtualSCSIController -Property @{
                    key = -1
                    busNumber = 0
                    sharedBus = 'noSharing'
                })
            }),
            (New-Object VMware.Vim.VirtualDeviceConfigSpec -Property @{
                operation = 'add'
                fileOperation = 'create'
                device = (New-Object VMware.Vim.VirtualDisk -Property @{
                    key = -100
                    backing = (New-Object VMware.Vim.VirtualDiskFlatVer2BackingInfo -Property @{
                        fileName = ''
                        diskMode = 'persistent'
                        thinProvisioned = $true
                    })
                    controllerKey = -1
                    unitNumber = 0
                    capacityInKB = 16384
                })
            }),
            (New-Object VMware.Vim.VirtualDeviceConfigSpec -Property @{
                operation = 'add'
                fileOperation = 'create'
                device = (New-Object VMware.Vim.VirtualDisk -Property @{
                    key = -101
                    backing = (New-Object VMware.Vim.VirtualDiskFlatVer2BackingInfo -Property @{
                        fileName = ''
                        diskMode = 'persistent'
                        thinProvisioned = $true
                    })
                    controllerKey = -1
                    unitNumber = 1
                    capacityInKB = 32768
                })
            })
        )
        extraConfig = @(
            (New-Object VMware.Vim.OptionValue -Property @{
                key = 'guestinfo.password'
                value = (Secret 'guestinfo.password')
            })
        )
    }),
    (At 'Datacenter/host/HOST/Resources'),
    $null
))
Do-Call ((Get-View (At 'Datacenter/vm/lab/Tmpl Capture 1.0')).CloneVM_Task(
    (At 'Datacenter/vm/lab'),
    '-inline',
    (New-Object VMware.Vim.VirtualMachineCloneSpec -Property @{
        location = (New-Object VMware.Vim.VirtualMachineRelocateSpec -Property @{
            diskMoveType = 'createNewChildDiskBacking'
        })
        template = $false
        customization = (New-Object VMware.Vim.CustomizationSpec -Property @{
            options = (New-Object VMware.Vim.CustomizationLinuxOptions -Property @{})
            identity = (New-Object VMware.Vim.CustomizationLinuxPrep -Property @{
                hostName = (New-Object VMware.Vim.CustomizationFixedName -Property @{
                    name = 'inline-name'
                })
                domain = 'lab'
            })
            globalIPSettings = (New-Object VMware.Vim.CustomizationGlobalIPSettings -Property @{})
        })
        powerOn = $false
        snapshot = (Snapshot 'Datacenter/vm/lab/Tmpl Capture 1.0' 'base')
    })
))
Do-Call ((Get-View (At 'Datacenter/vm/lab/Tmpl Capture 1.0')).CloneVM_Task(
    (At 'Datacenter/vm'),
    'whole',
    (New-Object VMware.Vim.VirtualMachineCloneSpec -Property @{
        location = (New-Object VMware.Vim.VirtualMachineRelocateSpec -Property @{})
        template = $true
        powerOn = $false
    })
))
Do-Call ((Get-View (At 'Datacenter/vm/web1')).ReconfigVM_Task(
    (New-Object VMware.Vim.VirtualMachineConfigSpec -Property @{
        powerOpInfo = (New-Object VMware.Vim.VirtualMachineDefaultPowerOpInfo -Property @{
            standbyAction = 'powerOnSuspend'
        })
        memoryMB = 128
        memoryAllocation = (New-Object VMware.Vim.ResourceAllocationInfo -Property @{
            reservation = 32
            limit = 100
            shares = (New-Object VMware.Vim.SharesInfo -Property @{
                shares = 0
                level = 'high'
            })
        })
    })
))
Do-Call ((Get-View (At 'Datacenter/vm/web1')).ReconfigVM_Task(
    (New-Object VMware.Vim.VirtualMachineConfigSpec -Property @{
        deviceChange = @(
            (New-Object VMware.Vim.VirtualDeviceConfigSpec -Property @{
                operation = 'add'
                fileOperation = 'create'
                device = (New-Object VMware.Vim.VirtualDisk -Property @{
                    key = -102
                    backing = (New-Object VMware.Vim.VirtualDiskFlatVer2BackingInfo -Property @{
                        fileName = ''
                        diskMode = 'persistent'
                        thinProvisioned = $true
                    })
                    controllerKey = 1000
                    unitNumber = 2
                    capacityInKB = 24576
                })
            })
        )
    })
))
Do-Call ((Get-View (At 'Datacenter/vm/web1')).ReconfigVM_Task(
    (New-Object VMware.Vim.VirtualMachineConfigSpec -Property @{
        deviceChange = @(
            (New-Object VMware.Vim.VirtualDeviceConfigSpec -Property @{
                operation = 'edit'
                device = (New-Object VMware.Vim.VirtualDisk -Property @{
                    key = 2002
                    deviceInfo = (New-Object VMware.Vim.Description -Property @{
                        label = 'Hard disk 3'
                        summary = '24576 KB'
                    })
                    backing = (New-Object VMware.Vim.VirtualDiskFlatVer2BackingInfo -Property @{
                        fileName = '[store] web1/web1_2.qcow2'
                        datastore = (At 'Datacenter/datastore/store')
                        diskMode = 'independent_persistent'
                        split = $false
                        writeThrough = $false
                        thinProvisioned = $true
                        uuid = 'UUID'
                        digestEnabled = $false
                        sharing = 'sharingNone'
                    })
                    controllerKey = 1000
                    unitNumber = 2
                    capacityInKB = 24576
                    capacityInBytes = 25165824
                    shares = (New-Object VMware.Vim.SharesInfo -Property @{
                        shares = 1000
                        level = 'normal'
                    })
                    storageIOAllocation = (New-Object VMware.Vim.StorageIOAllocationInfo -Property @{
                        limit = -1
                        shares = (New-Object VMware.Vim.SharesInfo -Property @{
                            shares = 1000
                            level = 'normal'
                        })
                        reservation = 0
                    })
                    diskObjectId = 'vm-1-2002'
                    nativeUnmanagedLinkedClone = $false
                })
            })
        )
    })
))
Do-Call ((Get-View (At 'Datacenter/vm/web1')).ReconfigVM_Task(
    (New-Object VMware.Vim.VirtualMachineConfigSpec -Property @{
        deviceChange = @(
            (New-Object VMware.Vim.VirtualDeviceConfigSpec -Property @{
                operation = 'edit'
                device = (New-Object VMware.Vim.VirtualDisk -Property @{
                    key = 2000
                    deviceInfo = (New-Object VMware.Vim.Description -Property @{
                        label = 'Hard disk 1'
                        summary = '16384 KB'
                    })
                    backing = (New-Object VMware.Vim.VirtualDiskFlatVer2BackingInfo -Property @{
                        fileName = '[store] web1/web1.qcow2'
                        datastore = (At 'Datacenter/datastore/store')
                        diskMode = 'persistent'
                        split = $false
                        writeThrough = $false
                        thinProvisioned = $true
                        uuid = 'UUID'
                        digestEnabled = $false
                        sharing = 'sharingNone'
                    })
                    controllerKey = 1000
                    unitNumber = 0
                    capacityInKB = 20480
                    capacityInBytes = 20971520
                    shares = (New-Object VMware.Vim.SharesInfo -Property @{
                        shares = 1000
                        level = 'normal'
                    })
                    storageIOAllocation = (New-Object VMware.Vim.StorageIOAllocationInfo -Property @{
                        limit = -1
                        shares = (New-Object VMware.Vim.SharesInfo -Property @{
                            shares = 1000
                            level = 'normal'
                        })
                        reservation = 0
                    })
                    diskObjectId = 'vm-1-2000'
                    nativeUnmanagedLinkedClone = $false
                })
            }),
            (New-Object VMware.Vim.VirtualDeviceConfigSpec -Property @{
                operation = 'remove'
                fileOperation = 'destroy'
                device = (New-Object VMware.Vim.VirtualDisk -Property @{
                    key = 2001
                    deviceInfo = (New-Object VMware.Vim.Description -Property @{
                        label = 'Hard disk 2'
                        summary = '32768 KB'
                    })
                    backing = (New-Object VMware.Vim.VirtualDiskFlatVer2BackingInfo -Property @{
                        fileName = '[store] web1/web1_1.qcow2'
                        datastore = (At 'Datacenter/datastore/store')
                        diskMode = 'persistent'
                        split = $false
                        writeThrough = $false
                        thinProvisioned = $true
                        uuid = 'UUID'
                        digestEnabled = $false
                        sharing = 'sharingNone'
                    })
                    controllerKey = 1000
                    unitNumber = 1
                    capacityInKB = 32768
                    capacityInBytes = 33554432
                    shares = (New-Object VMware.Vim.SharesInfo -Property @{
                        shares = 1000
                        level = 'normal'
                    })
                    storageIOAllocation = (New-Object VMware.Vim.StorageIOAllocationInfo -Property @{
                        limit = -1
                        shares = (New-Object VMware.Vim.SharesInfo -Property @{
                            shares = 1000
                            level = 'normal'
                        })
                        reservation = 0
                    })
                    diskObjectId = 'vm-1-2001'
                    nativeUnmanagedLinkedClone = $false
                })
            })
        )
    })
))
New-Snapshot `
    -VM (Entity 'Datacenter/vm/web1') `
    -Name 'one' `
    -Description 'the first' `
    -Memory:$false `
    -Quiesce:$false `
    -Confirm:$false
New-Snapshot `
    -VM (Entity 'Datacenter/vm/web1') `
    -Name 'two' `
    -Description '' `
    -Memory:$false `
    -Quiesce:$false `
    -Confirm:$false
Set-Snapshot `
    -Snapshot (EntitySnapshot 'Datacenter/vm/web1' 'two') `
    -Name 'three' `
    -Description 'renamed' `
    -Confirm:$false
Set-VM `
    -VM (Entity 'Datacenter/vm/web1') `
    -Snapshot (EntitySnapshot 'Datacenter/vm/web1' 'one') `
    -Confirm:$false
Set-VM `
    -VM (Entity 'Datacenter/vm/web1') `
    -Name 'web 2' `
    -Confirm:$false
Start-VM -VM (Entity 'Datacenter/vm/web 2') -Confirm:$false
Suspend-VM -VM (Entity 'Datacenter/vm/web 2') -Confirm:$false
New-Folder `
    -Location (Entity 'Datacenter/vm') `
    -Name 'old'
New-Folder `
    -Location (Entity 'Datacenter/vm/old') `
    -Name 'older'
Set-Folder `
    -Folder (Entity 'Datacenter/vm/old/older') `
    -Name 'oldest'
Do-Call ((Get-View (At 'Datacenter/vm/old')).MoveIntoFolder_Task(
    @(
        (At 'Datacenter/vm/web 2')
    )
))
New-Folder `
    -Location (Entity 'Datacenter/vm') `
    -Name 'gone'
New-Folder `
    -Location (Entity 'Datacenter/vm/gone') `
    -Name 'deep'
Do-Call ((Get-View (At 'Datacenter/vm/gone/deep')).CreateVM_Task(
    (New-Object VMware.Vim.VirtualMachineConfigSpec -Property @{
        name = 'short-lived'
        files = (New-Object VMware.Vim.VirtualMachineFileInfo -Property @{
            vmPathName = '[store]'
        })
        numCPUs = 1
        memoryMB = 64
        deviceChange = @(
            (New-Object VMware.Vim.VirtualDeviceConfigSpec -Property @{
                operation = 'add'
                device = (New-Object VMware.Vim.ParaVirtualSCSIController -Property @{
                    key = -1
                    busNumber = 0
                    sharedBus = 'noSharing'
                })
            })
        )
    }),
    (At 'Datacenter/host/HOST/Resources'),
    $null
))
Remove-Folder -Folder (Entity 'Datacenter/vm/gone') -DeletePermanently -Confirm:$false
Do-Call ((Get-View (At 'Datacenter/host/HOST/Resources')).CreateResourcePool(
    'gold',
    (New-Object VMware.Vim.ResourceConfigSpec -Property @{
        cpuAllocation = (New-Object VMware.Vim.ResourceAllocationInfo -Property @{
            reservation = 0
            expandableReservation = $true
            limit = -1
            shares = (New-Object VMware.Vim.SharesInfo -Property @{
                shares = 0
                level = 'normal'
            })
        })
        memoryAllocation = (New-Object VMware.Vim.ResourceAllocationInfo -Property @{
            reservation = 0
            expandableReservation = $true
            limit = -1
            shares = (New-Object VMware.Vim.SharesInfo -Property @{
                shares = 0
                level = 'normal'
            })
        })
    })
))
Do-Call ((Get-View (At 'Datacenter/host/HOST/Resources/gold')).UpdateConfig(
    $null,
    (New-Object VMware.Vim.ResourceConfigSpec -Property @{
        cpuAllocation = (New-Object VMware.Vim.ResourceAllocationInfo -Property @{})
        memoryAllocation = (New-Object VMware.Vim.ResourceAllocationInfo -Property @{
            reservation = 0
            expandableReservation = $true
            limit = 4096
            shares = (New-Object VMware.Vim.SharesInfo -Property @{
                shares = 0
                level = 'normal'
            })
        })
    })
))
Do-Call ((Get-View (At 'Datacenter/host/HOST/Resources/gold')).MoveIntoResourcePool(
    @(
        (At 'Datacenter/vm/old/web 2')
    )
))
Get-AdvancedSetting -Entity (Get-VMHost) -Name 'Mem.IdleTax' | Set-AdvancedSetting -Value 50 -Confirm:$false
Do-Call ((Get-View (Thing 'CustomizationSpecManager' 'CustomizationSpecManager')).CreateCustomizationSpec(
    (New-Object VMware.Vim.CustomizationSpecItem -Property @{
        info = (New-Object VMware.Vim.CustomizationSpecInfo -Property @{
            name = 'more'
            description = 'words'
            type = 'Linux'
        })
        spec = (New-Object VMware.Vim.CustomizationSpec -Property @{
            options = (New-Object VMware.Vim.CustomizationLinuxOptions -Property @{})
            identity = (New-Object VMware.Vim.CustomizationLinuxPrep -Property @{
                hostName = (New-Object VMware.Vim.CustomizationVirtualMachineName -Property @{})
                domain = 'lab'
            })
            globalIPSettings = (New-Object VMware.Vim.CustomizationGlobalIPSettings -Property @{})
        })
    })
))
Do-Call ((Get-View (Thing 'CustomizationSpecManager' 'CustomizationSpecManager')).DuplicateCustomizationSpec(
    'capture',
    'copied'
))
Do-Call ((Get-View (Thing 'CustomizationSpecManager' 'CustomizationSpecManager')).DeleteCustomizationSpec(
    'copied'
))
Do-Call ((Get-View (Thing 'HostLocalAccountManager' 'HostLocalAccountManager')).CreateUser(
    (New-Object VMware.Vim.HostAccountSpec -Property @{
        id = 'olga'
        password = (Secret 'password')
    })
))
Do-Call ((Get-View (Thing 'AuthorizationManager' 'AuthorizationManager')).SetEntityPermissions(
    (At ''),
    @(
        (New-Object VMware.Vim.Permission -Property @{
            principal = 'olga'
            group = $false
            roleId = -2
            propagate = $true
        })
    )
))
Do-Call ((Get-View (At 'Datacenter/vm')).CreateVM_Task(
    (New-Object VMware.Vim.VirtualMachineConfigSpec -Property @{
        name = 'by-name'
        files = (New-Object VMware.Vim.VirtualMachineFileInfo -Property @{
            vmPathName = '[store]'
        })
        numCPUs = 1
        memoryMB = 64
        deviceChange = @(
            (New-Object VMware.Vim.VirtualDeviceConfigSpec -Property @{
                operation = 'add'
                device = (New-Object VMware.Vim.ParaVirtualSCSIController -Property @{
                    key = -1
                    busNumber = 0
                    sharedBus = 'noSharing'
                })
            }),
            (New-Object VMware.Vim.VirtualDeviceConfigSpec -Property @{
                operation = 'add'
                fileOperation = 'create'
                device = (New-Object VMware.Vim.VirtualDisk -Property @{
                    key = -100
                    backing = (New-Object VMware.Vim.VirtualDiskFlatVer2BackingInfo -Property @{
                        fileName = ''
                        diskMode = 'persistent'
                        thinProvisioned = $true
                    })
                    controllerKey = -1
                    unitNumber = 0
                    capacityInKB = 16384
                })
            })
        )
    }),
    (At 'Datacenter/host/HOST/Resources'),
    $null
))
New-Folder `
    -Location (Entity 'Datacenter/vm') `
    -Name 'named'
Do-Call ((Get-View (At 'Datacenter/vm/named')).MoveIntoFolder_Task(
    @(
        (At 'Datacenter/vm/by-name')
    )
))
Set-VM `
    -VM (Entity 'Datacenter/vm/named/by-name') `
    -Name 'by name' `
    -Confirm:$false
Do-Call ((Get-View (At 'Datacenter/vm/named/by name')).ReconfigVM_Task(
    (New-Object VMware.Vim.VirtualMachineConfigSpec -Property @{
        powerOpInfo = (New-Object VMware.Vim.VirtualMachineDefaultPowerOpInfo -Property @{
            standbyAction = 'powerOnSuspend'
        })
        numCPUs = 2
        memoryMB = 80
    })
))
Get-VMResourceConfiguration -VM (Entity 'Datacenter/vm/named/by name') | Set-VMResourceConfiguration `
    -MemSharesLevel 'Custom' `
    -NumMemShares 300 `
    -MemReservationMB 16
Do-Call ((Get-View (At 'Datacenter/host/HOST/Resources/gold')).MoveIntoResourcePool(
    @(
        (At 'Datacenter/vm/named/by name')
    )
))
Do-Call ((Get-View (At 'Datacenter/vm/named/by name')).ReconfigVM_Task(
    (New-Object VMware.Vim.VirtualMachineConfigSpec -Property @{
        deviceChange = @(
            (New-Object VMware.Vim.VirtualDeviceConfigSpec -Property @{
                operation = 'add'
                fileOperation = 'create'
                device = (New-Object VMware.Vim.VirtualDisk -Property @{
                    key = -1
                    backing = (New-Object VMware.Vim.VirtualDiskFlatVer2BackingInfo -Property @{
                        fileName = ''
                        diskMode = 'persistent'
                        thinProvisioned = $false
                    })
                    capacityInKB = 8192
                })
            })
        )
    })
))
Do-Call (Invoke-Operation RunOperation_Task 'AddDisk' @{
    'vm' = 'by name'
    'size_mb' = 8
    'bus' = 'sata'
})
Do-Call (Invoke-Operation RunOperation_Task 'ExtendDisk' @{
    'vm' = 'by name'
    'target' = 'vda'
    'size_mb' = 24
})
Do-Call (Invoke-Operation RunOperation_Task 'AddDrive' @{
    'vm' = 'by name'
    'file' = ''
})
New-Snapshot `
    -VM (Entity 'Datacenter/vm/named/by name') `
    -Name 's1' `
    -Description 'words' `
    -Memory:$false `
    -Quiesce:$false `
    -Confirm:$false
New-Snapshot `
    -VM (Entity 'Datacenter/vm/named/by name') `
    -Name 's2' `
    -Memory:$false `
    -Quiesce:$false `
    -Confirm:$false
Set-Snapshot `
    -Snapshot (EntitySnapshot 'Datacenter/vm/named/by name' 's2') `
    -Name 's3' `
    -Confirm:$false
$vm = New-VM `
    -Name 'of it' `
    -VM (Entity 'Datacenter/vm/named/by name') `
    -Location (Entity 'Datacenter/vm/named') `
    -ReferenceSnapshot (EntitySnapshot 'Datacenter/vm/named/by name' 's3') `
    -LinkedClone
$vm = New-VM `
    -Name 'of it too' `
    -VM (Entity 'Datacenter/vm/named/by name') `
    -Location (Entity 'Datacenter/vm/named') `
    -ReferenceSnapshot (EntitySnapshot 'Datacenter/vm/named/by name' 's3') `
    -LinkedClone
Do-Call ((Get-View (At 'Datacenter/vm/named/by name')).CloneVM_Task(
    (At 'Datacenter/vm/named'),
    'of-s1',
    (New-Object VMware.Vim.VirtualMachineCloneSpec -Property @{
        location = (New-Object VMware.Vim.VirtualMachineRelocateSpec -Property @{})
        template = $false
        powerOn = $false
        snapshot = (Snapshot 'Datacenter/vm/named/by name' 's1')
    })
))
Set-VM `
    -VM (Entity 'Datacenter/vm/named/by name') `
    -Snapshot (EntitySnapshot 'Datacenter/vm/named/by name' 's1') `
    -Confirm:$false
Start-VM -VM (Entity 'Datacenter/vm/named/by name') -Confirm:$false
Do-Call (Invoke-Operation RunOperation_Task 'SuspendVM' @{
    'vm' = 'by name'
    'type' = 'preset'
})
Stop-VM -VM (Entity 'Datacenter/vm/named/by name') -Confirm:$false
Set-Annotation `
    -Entity (Entity 'Datacenter/vm/named/by name') `
    -CustomAttribute 'Purpose' `
    -Value 'named'
New-CustomAttribute `
    -Name 'Rack'
Set-CustomAttribute `
    -CustomAttribute 'Rack' `
    -Name 'Row'
Do-Call (Invoke-Operation RunOperation_Task 'CreateVM' @{
    'name' = 'plain'
    'datastore' = 'store'
    'memory_mb' = 64
    'disks' = @(
        @{
            'size_mb' = 16
        }
    )
    'cards' = @()
    'pager' = $false
})
Set-VM -VM (Entity 'Datacenter/vm/plain') -ToTemplate -Confirm:$false
Do-Call ((Get-View (At 'Datacenter/vm/plain')).MarkAsVirtualMachine(
    (At 'Datacenter/host/HOST/Resources'),
    $null
))
New-Folder `
    -Location (Entity 'Datacenter/vm/named') `
    -Name 'one'
Set-Folder `
    -Folder (Entity 'Datacenter/vm/named/one') `
    -Name 'two'
Do-Call ((Get-View (At 'Datacenter/vm')).MoveIntoFolder_Task(
    @(
        (At 'Datacenter/vm/named/two')
    )
))
Do-Call ((Get-View (Thing 'CustomizationSpecManager' 'CustomizationSpecManager')).RenameCustomizationSpec(
    'more',
    'less'
))
Do-Call ((Get-View (At 'Datacenter/vm/named/by name')).ReconfigVM_Task(
    (New-Object VMware.Vim.VirtualMachineConfigSpec -Property @{
        guestId = 'debian11_64Guest'
        annotation = 'of it'
        cpuAllocation = (New-Object VMware.Vim.ResourceAllocationInfo -Property @{
            reservation = 0
            limit = 900
            shares = (New-Object VMware.Vim.SharesInfo -Property @{
                shares = 0
                level = 'high'
            })
        })
        extraConfig = @(
            (New-Object VMware.Vim.OptionValue -Property @{
                key = 'guestinfo.role'
                value = 'it''s $(web)'
            }),
            (New-Object VMware.Vim.OptionValue -Property @{
                key = 'lab.row'
                value = '7'
            })
        )
    })
))
Do-Call ((Get-View (At 'Datacenter/vm/named/by name')).ReconfigVM_Task(
    (New-Object VMware.Vim.VirtualMachineConfigSpec -Property @{
        deviceChange = @(
            (New-Object VMware.Vim.VirtualDeviceConfigSpec -Property @{
                operation = 'add'
                device = (New-Object VMware.Vim.VirtualCdrom -Property @{
                    key = -1
                    backing = (New-Object VMware.Vim.VirtualCdromRemotePassthroughBackingInfo -Property @{
                        deviceName = ''
                        exclusive = $false
                    })
                })
            })
        )
    })
))
Do-Call ((Get-View (At 'Datacenter/host/HOST/Resources/gold')).UpdateConfig(
    'silver',
    $null
))

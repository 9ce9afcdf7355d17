# SPDX-License-Identifier: LGPL-2.1-or-later

data CheckResult : DynamicData 4.0
        vm: VirtualMachine?
        host: HostSystem?
        warning: LocalizedMethodFault[]?
        error: LocalizedMethodFault[]?

enum CheckTestType 4.0
        sourceTests
        hostTests
        resourcePoolTests
        datastoreTests
        networkTests 5.5

data ConfigTarget : DynamicData 2.0
        numCpus: int
        numCpuCores: int
        numNumaNodes: int
        maxCpusPerHost: int? 7.0
        smcPresent: boolean 5.0
        datastore: VirtualMachineDatastoreInfo[]?
        network: VirtualMachineNetworkInfo[]?
        opaqueNetwork: OpaqueNetworkTargetInfo[]? 5.5
        distributedVirtualPortgroup: DistributedVirtualPortgroupInfo[]? 4.0
        distributedVirtualSwitch: DistributedVirtualSwitchInfo[]? 4.0
        cdRom: VirtualMachineCdromInfo[]?
        serial: VirtualMachineSerialInfo[]?
        parallel: VirtualMachineParallelInfo[]?
        sound: VirtualMachineSoundInfo[]? 2.5
        usb: VirtualMachineUsbInfo[]? 2.5
        floppy: VirtualMachineFloppyInfo[]?
        legacyNetworkInfo: VirtualMachineLegacyNetworkSwitchInfo[]?
        scsiPassthrough: VirtualMachineScsiPassthroughInfo[]?
        scsiDisk: VirtualMachineScsiDiskDeviceInfo[]?
        ideDisk: VirtualMachineIdeDiskDeviceInfo[]?
        maxMemMBOptimalPerf: int
        supportedMaxMemMB: int? 7.0
        resourcePool: ResourcePoolRuntimeInfo?
        autoVmotion: boolean?
        pciPassthrough: VirtualMachinePciPassthroughInfo[]? 4.0
        sriov: VirtualMachineSriovInfo[]? 5.5
        vFlashModule: VirtualMachineVFlashModuleInfo[]? 5.5
        sharedGpuPassthroughTypes: VirtualMachinePciSharedGpuPassthroughInfo[]? 6.0
        availablePersistentMemoryReservationMB: long? 6.7
        dynamicPassthrough: VirtualMachineDynamicPassthroughInfo[]? 7.0
        sgxTargetInfo: VirtualMachineSgxTargetInfo? 7.0
        precisionClockInfo: VirtualMachinePrecisionClockInfo[]? 7.0

data DatastoreOption : DynamicData 2.0
        unsupportedVolumes: VirtualMachineDatastoreVolumeOption[]?

data DeviceGroupId : DynamicData 6.5
        id: string

data DiskChangeExtent : DynamicData 4.0
        start: long
        length: long

data DiskChangeInfo : DynamicData 4.0
        startOffset: long
        length: long
        changedArea: DiskChangeExtent[]?

data FaultDomainId : DynamicData 6.5
        id: string

data FaultToleranceConfigInfo : DynamicData 4.0
        role: int
        instanceUuids: string[]
        configPaths: string[]
        orphaned: boolean? 6.0

data FaultToleranceConfigSpec : DynamicData 6.0
        metaDataPath: FaultToleranceMetaSpec?
        secondaryVmSpec: FaultToleranceVMConfigSpec?

data FaultToleranceDiskSpec : DynamicData 6.0
        disk: VirtualDevice
        datastore: Datastore

data FaultToleranceMetaSpec : DynamicData 6.0
        metaDataDatastore: Datastore

data FaultTolerancePrimaryConfigInfo : FaultToleranceConfigInfo 4.0
        secondaries: VirtualMachine[]

data FaultToleranceSecondaryConfigInfo : FaultToleranceConfigInfo 4.0
        primaryVM: VirtualMachine

data FaultToleranceSecondaryOpResult : DynamicData 4.0
        vm: VirtualMachine
        powerOnAttempted: boolean
        powerOnResult: ClusterPowerOnVmResult?

data FaultToleranceVMConfigSpec : DynamicData 6.0
        vmConfig: Datastore?
        disks: FaultToleranceDiskSpec[]?

data GuestDiskInfo : DynamicData 2.0
        diskPath: string?
        capacity: long?
        freeSpace: long?
        filesystemType: string? 7.0
        mappings: GuestInfoVirtualDiskMapping[]? 7.0

data GuestInfo : DynamicData 2.0
        toolsStatus: VirtualMachineToolsStatus?
        toolsVersionStatus: string? 4.0
        toolsVersionStatus2: string? 5.0
        toolsRunningStatus: string? 4.0
        toolsVersion: string?
        toolsInstallType: string? 6.5
        guestId: string?
        guestFamily: string?
        guestFullName: string?
        hostName: string?
        ipAddress: string?
        net: GuestNicInfo[]?
        ipStack: GuestStackInfo[]? 4.1
        disk: GuestDiskInfo[]?
        screen: GuestScreenInfo?
        guestState: string
        appHeartbeatStatus: string? 4.1
        guestKernelCrashed: boolean? 6.0
        appState: string? 5.5
        guestOperationsReady: boolean? 5.0
        interactiveGuestOperationsReady: boolean? 5.0
        guestStateChangeSupported: boolean? 6.0
        generationInfo: GuestInfoNamespaceGenerationInfo[]? 5.1
        hwVersion: string? 6.9.1

enum GuestInfoAppStateType 5.5
        none
        appStateOk
        appStateNeedReset

data GuestInfoNamespaceGenerationInfo : DynamicData 5.1
        key: string
        generationNo: int

data GuestInfoVirtualDiskMapping : DynamicData 7.0
        key: int

data GuestNicInfo : DynamicData 2.0
        network: string?
        ipAddress: string[]?
        macAddress: string?
        connected: boolean
        deviceConfigId: int
        dnsConfig: NetDnsConfigInfo? 4.1
        ipConfig: NetIpConfigInfo? 4.1
        netBIOSConfig: NetBIOSConfigInfo? 4.1

data GuestOsDescriptor : DynamicData 2.0
        id: string
        family: string
        fullName: string
        supportedMaxCPUs: int
        numSupportedPhysicalSockets: int 5.0
        numSupportedCoresPerSocket: int 5.0
        supportedMinMemMB: int
        supportedMaxMemMB: int
        recommendedMemMB: int
        recommendedColorDepth: int
        supportedDiskControllerList: TypeName[]
        recommendedSCSIController: TypeName?
        recommendedDiskController: TypeName
        supportedNumDisks: int
        recommendedDiskSizeMB: int
        recommendedCdromController: TypeName 5.5
        supportedEthernetCard: TypeName[]
        recommendedEthernetCard: TypeName?
        supportsSlaveDisk: boolean?
        cpuFeatureMask: HostCpuIdInfo[]?
        smcRequired: boolean 5.0
        supportsWakeOnLan: boolean
        supportsVMI: boolean 2.5
        supportsMemoryHotAdd: boolean 2.5
        supportsCpuHotAdd: boolean 2.5
        supportsCpuHotRemove: boolean 2.5
        supportedFirmware: string[] 5.0
        recommendedFirmware: string 5.0
        supportedUSBControllerList: TypeName[]? 5.0
        recommendedUSBController: TypeName? 5.0
        supports3D: boolean 5.0
        recommended3D: boolean 5.1
        smcRecommended: boolean 5.0
        ich7mRecommended: boolean 5.0
        usbRecommended: boolean 5.0
        supportLevel: string 5.0
        supportedForCreate: boolean 5.0
        vRAMSizeInKB: IntOption 5.0
        numSupportedFloppyDevices: int 6.0
        wakeOnLanEthernetCard: TypeName[]? 6.0
        supportsPvscsiControllerForBoot: boolean 6.0
        diskUuidEnabled: boolean 6.0
        supportsHotPlugPCI: boolean 6.0
        supportsSecureBoot: boolean? 6.5
        defaultSecureBoot: boolean? 6.5
        persistentMemorySupported: boolean? 6.7
        supportedMinPersistentMemoryMB: long? 6.7
        supportedMaxPersistentMemoryMB: long? 6.7
        recommendedPersistentMemoryMB: long? 6.7
        persistentMemoryHotAddSupported: boolean? 6.7
        persistentMemoryHotRemoveSupported: boolean? 6.7
        persistentMemoryColdGrowthSupported: boolean? 6.7
        persistentMemoryColdGrowthGranularityMB: long? 6.7
        persistentMemoryHotGrowthSupported: boolean? 6.7
        persistentMemoryHotGrowthGranularityMB: long? 6.7
        numRecommendedPhysicalSockets: int? 6.7
        numRecommendedCoresPerSocket: int? 6.7
        vvtdSupported: BoolOption? 6.7
        vbsSupported: BoolOption? 6.7
        vsgxSupported: BoolOption? 7.0
        supportsTPM20: boolean? 6.7
        vwdtSupported: boolean? 7.0

enum GuestOsDescriptorFirmwareType 5.0
        bios
        efi
        csm

enum GuestOsDescriptorSupportLevel 5.0
        experimental
        legacy
        terminated
        supported
        unsupported 5.1
        deprecated 5.1
        techPreview 5.1

data GuestScreenInfo : DynamicData 2.0
        width: int
        height: int

data GuestStackInfo : DynamicData 4.1
        dnsConfig: NetDnsConfigInfo?
        ipRouteConfig: NetIpRouteConfigInfo?
        ipStackConfig: KeyValue[]?
        dhcpConfig: NetDhcpConfigInfo?

data OpaqueNetworkTargetInfo : VirtualMachineTargetInfo 5.5
        network: OpaqueNetworkSummary
        networkReservationSupported: boolean? 6.0

data ReplicationConfigSpec : DynamicData 5.0
        generation: long
        vmReplicationId: string
        destination: string
        port: int
        rpo: long
        quiesceGuestEnabled: boolean
        paused: boolean
        oppUpdatesEnabled: boolean
        netCompressionEnabled: boolean? 6.0
        netEncryptionEnabled: boolean? 6.7
        encryptionDestination: string? 6.7
        encryptionPort: int? 6.7
        remoteCertificateThumbprint: string? 6.7
        disk: ReplicationInfoDiskSettings[]?

data ReplicationGroupId : DynamicData 6.5
        faultDomainId: FaultDomainId
        deviceGroupId: DeviceGroupId

data ReplicationInfoDiskSettings : DynamicData 5.0
        key: int
        diskReplicationId: string

data ReplicationSpec : DynamicData 6.5
        replicationGroupId: ReplicationGroupId

data ScheduledHardwareUpgradeInfo : DynamicData 5.1
        upgradePolicy: string?
        versionKey: string?
        scheduledHardwareUpgradeStatus: string?
        fault: LocalizedMethodFault?

enum ScheduledHardwareUpgradeInfoHardwareUpgradePolicy 5.1
        never
        onSoftPowerOff
        always

enum ScheduledHardwareUpgradeInfoHardwareUpgradeStatus 5.1
        none
        pending
        success
        failed

data StorageRequirement : DynamicData 5.0
        datastore: Datastore
        freeSpaceRequiredInKb: long

data ToolsConfigInfo : DynamicData 2.0
        toolsVersion: int?
        toolsInstallType: string? 6.5
        afterPowerOn: boolean?
        afterResume: boolean?
        beforeGuestStandby: boolean?
        beforeGuestShutdown: boolean?
        beforeGuestReboot: boolean?
        toolsUpgradePolicy: string? 2.5
        pendingCustomization: string? 2.5
        customizationKeyId: CryptoKeyId? 6.5
        syncTimeWithHost: boolean? 2.5
        lastInstallInfo: ToolsConfigInfoToolsLastInstallInfo? 5.0

data ToolsConfigInfoToolsLastInstallInfo : DynamicData 5.0
        counter: int
        fault: LocalizedMethodFault?

enum UpgradePolicy 2.5
        manual
        upgradeAtPowerCycle

data UsbScanCodeSpec : DynamicData 6.5
        keyEvents: UsbScanCodeSpecKeyEvent[]

data UsbScanCodeSpecKeyEvent : DynamicData 6.5
        usbHidCode: int
        modifiers: UsbScanCodeSpecModifierType?

data UsbScanCodeSpecModifierType : DynamicData 6.5
        leftControl: boolean?
        leftShift: boolean?
        leftAlt: boolean?
        leftGui: boolean?
        rightControl: boolean?
        rightShift: boolean?
        rightAlt: boolean?
        rightGui: boolean?

data VirtualHardware : DynamicData 2.0
        numCPU: int
        numCoresPerSocket: int? 5.0
        memoryMB: int
        virtualICH7MPresent: boolean? 5.0
        virtualSMCPresent: boolean? 5.0
        device: VirtualDevice[]?

data VirtualHardwareOption : DynamicData 2.0
        hwVersion: int
        virtualDeviceOption: VirtualDeviceOption[]
        deviceListReadonly: boolean
        numCPU: int[]
        numCoresPerSocket: IntOption 5.0
        numCpuReadonly: boolean
        memoryMB: LongOption
        numPCIControllers: IntOption
        numIDEControllers: IntOption
        numUSBControllers: IntOption
        numUSBXHCIControllers: IntOption 5.0
        numSIOControllers: IntOption
        numPS2Controllers: IntOption
        licensingLimit: PropertyPath[]?
        numSupportedWwnPorts: IntOption? 4.0
        numSupportedWwnNodes: IntOption? 4.0
        resourceConfigOption: ResourceConfigOption 4.1
        numNVDIMMControllers: IntOption? 6.7
        numTPMDevices: IntOption? 6.7
        numWDTDevices: IntOption? 7.0
        numPrecisionClockDevices: IntOption? 7.0
        epcMemoryMB: LongOption? 7.0

managed VirtualMachine : ManagedEntity 2.0
        capability: VirtualMachineCapability
        config: VirtualMachineConfigInfo?
        layout: VirtualMachineFileLayout?
        layoutEx: VirtualMachineFileLayoutEx? 4.0
        storage: VirtualMachineStorageInfo? 4.0
        environmentBrowser: EnvironmentBrowser
        resourcePool: ResourcePool?
        parentVApp: ManagedEntity? 4.1
        resourceConfig: ResourceConfigSpec?
        runtime: VirtualMachineRuntimeInfo
        guest: GuestInfo?
        summary: VirtualMachineSummary
        datastore: Datastore[]? needs System.View
        network: Network[]? needs System.View
        snapshot: VirtualMachineSnapshotInfo?
        rootSnapshot: VirtualMachineSnapshot[]? 4.1
        guestHeartbeatStatus: ManagedEntityStatus
        RefreshStorageInfo(): void 4.0
                needs System.Read
        CreateSnapshot_Task(name: string, description: string?, memory: boolean, quiesce: boolean): Task
                needs VirtualMachine.State.CreateSnapshot
                throws TaskInProgress SnapshotFault VmConfigFault FileFault InvalidName InvalidState
        CreateSnapshotEx_Task(name: string, description: string?, memory: boolean, quiesceSpec: VirtualMachineGuestQuiesceSpec?): Task 6.5
                needs VirtualMachine.State.CreateSnapshot
                throws TaskInProgress SnapshotFault VmConfigFault FileFault InvalidName InvalidState
        RevertToCurrentSnapshot_Task(host: HostSystem?, suppressPowerOn: boolean? 2.5): Task
                needs VirtualMachine.State.RevertToSnapshot
                throws TaskInProgress SnapshotFault InsufficientResourcesFault InvalidState VmConfigFault
                        NotFound
        RemoveAllSnapshots_Task(consolidate: boolean? 5.0): Task
                needs VirtualMachine.State.RemoveSnapshot
                throws TaskInProgress InvalidState SnapshotFault
        ConsolidateVMDisks_Task(): Task 5.0
                needs VirtualMachine.State.RemoveSnapshot
                throws TaskInProgress InvalidState FileFault VmConfigFault
        EstimateStorageForConsolidateSnapshots_Task(): Task? 5.0
                needs VirtualMachine.State.RemoveSnapshot
                throws TaskInProgress InvalidState FileFault VmConfigFault
        ReconfigVM_Task(spec: VirtualMachineConfigSpec): Task
                throws TaskInProgress VmConfigFault ConcurrentAccess FileFault InvalidName DuplicateName
                        InvalidState InsufficientResourcesFault InvalidDatastore
        UpgradeVM_Task(version: string?): Task
                needs VirtualMachine.Config.UpgradeVirtualHardware
                throws InvalidState TaskInProgress AlreadyUpgraded NoDiskFound
        ExtractOvfEnvironment(): string 4.0
                needs VApp.ExtractOvfEnvironment
                throws InvalidState
        PowerOnVM_Task(host: HostSystem?): Task
                needs VirtualMachine.Interact.PowerOn
                throws TaskInProgress InvalidState InsufficientResourcesFault VmConfigFault FileFault
        PowerOffVM_Task(): Task
                needs VirtualMachine.Interact.PowerOff
                throws TaskInProgress InvalidState
        SuspendVM_Task(): Task
                needs VirtualMachine.Interact.Suspend
                throws TaskInProgress InvalidState
        ResetVM_Task(): Task
                needs VirtualMachine.Interact.Reset
                throws TaskInProgress InvalidState
        ShutdownGuest(): void
                needs VirtualMachine.Interact.PowerOff
                throws ToolsUnavailable TaskInProgress InvalidState
        RebootGuest(): void
                needs VirtualMachine.Interact.Reset
                throws ToolsUnavailable TaskInProgress InvalidState
        StandbyGuest(): void
                needs VirtualMachine.Interact.Suspend
                throws ToolsUnavailable TaskInProgress InvalidState
        AnswerVM(questionId: string, answerChoice: string): void
                needs VirtualMachine.Interact.AnswerQuestion
                throws ConcurrentAccess
        CustomizeVM_Task(spec: CustomizationSpec): Task
                needs VirtualMachine.Provisioning.Customize
                throws CustomizationFault
        CheckCustomizationSpec(spec: CustomizationSpec): void
                needs VirtualMachine.Provisioning.Customize
                throws CustomizationFault
        MigrateVM_Task(pool: ResourcePool?, host: HostSystem?, priority: VirtualMachineMovePriority, state: VirtualMachinePowerState?): Task
                throws MigrationFault FileFault Timedout InsufficientResourcesFault InvalidState
                        VmConfigFault
        RelocateVM_Task(spec: VirtualMachineRelocateSpec, priority: VirtualMachineMovePriority? 4.0): Task
                needs Resource.ColdMigrate
                throws InvalidState InvalidDatastore MigrationFault VmConfigFault FileFault Timedout
                        InsufficientResourcesFault
        CloneVM_Task(folder: Folder, name: string, spec: VirtualMachineCloneSpec): Task
                throws CustomizationFault InvalidState InvalidDatastore TaskInProgress VmConfigFault
                        FileFault MigrationFault InsufficientResourcesFault
        InstantClone_Task(spec: VirtualMachineInstantCloneSpec): Task 6.7
                needs VirtualMachine.Provisioning.Clone
                throws TaskInProgress InvalidState InvalidDatastore InsufficientResourcesFault
                        DisallowedMigrationDeviceAttached FileFault
        ExportVm(): HttpNfcLease 4.0
                needs VApp.Export
                throws InvalidPowerState TaskInProgress InvalidState FileFault
        MarkAsTemplate(): void
                needs VirtualMachine.Provisioning.MarkAsTemplate
                throws InvalidState VmConfigFault FileFault
        MarkAsVirtualMachine(pool: ResourcePool, host: HostSystem?): void
                needs VirtualMachine.Provisioning.MarkAsVM
                throws InvalidState InvalidDatastore VmConfigFault FileFault
        UnregisterVM(): void
                needs VirtualMachine.Inventory.Unregister
                throws TaskInProgress InvalidPowerState
        ResetGuestInformation(): void
                needs VirtualMachine.Config.ResetGuestInfo
                throws InvalidState
        MountToolsInstaller(): void
                needs VirtualMachine.Interact.ToolsInstall
                throws InvalidState VmConfigFault VmToolsUpgradeFault
        UnmountToolsInstaller(): void
                needs VirtualMachine.Interact.ToolsInstall
                throws InvalidState VmConfigFault
        UpgradeTools_Task(installerOptions: string?): Task
                needs VirtualMachine.Interact.ToolsInstall
                throws InvalidState TaskInProgress VmToolsUpgradeFault ToolsUnavailable VmConfigFault
        AcquireMksTicket(): VirtualMachineMksTicket
                needs VirtualMachine.Interact.ConsoleInteract
        AcquireTicket(ticketType: string): VirtualMachineTicket 4.1
                throws InvalidState
        SetScreenResolution(width: int, height: int): void
                needs VirtualMachine.Interact.ConsoleInteract
                throws InvalidState ToolsUnavailable
        DefragmentAllDisks(): void 2.5
                needs VirtualMachine.Interact.DefragmentAllDisks
                throws InvalidState InvalidPowerState TaskInProgress FileFault
        CreateSecondaryVM_Task(host: HostSystem?): Task 4.0
                needs VirtualMachine.Interact.CreateSecondary
                throws TaskInProgress InvalidState InsufficientResourcesFault VmFaultToleranceIssue
                        FileFault VmConfigFault
        CreateSecondaryVMEx_Task(host: HostSystem?, spec: FaultToleranceConfigSpec?): Task 6.0
                needs VirtualMachine.Interact.CreateSecondary
                throws TaskInProgress InvalidState InsufficientResourcesFault VmFaultToleranceIssue
                        FileFault VmConfigFault
        TurnOffFaultToleranceForVM_Task(): Task 4.0
                needs VirtualMachine.Interact.TurnOffFaultTolerance
                throws TaskInProgress VmFaultToleranceIssue InvalidState
        MakePrimaryVM_Task(vm: VirtualMachine): Task 4.0
                needs VirtualMachine.Interact.MakePrimary
                throws TaskInProgress VmFaultToleranceIssue InvalidState
        TerminateFaultTolerantVM_Task(vm: VirtualMachine?): Task 4.0
                needs VirtualMachine.Interact.TerminateFaultTolerantVM
                throws TaskInProgress VmFaultToleranceIssue InvalidState
        DisableSecondaryVM_Task(vm: VirtualMachine): Task 4.0
                needs VirtualMachine.Interact.DisableSecondary
                throws TaskInProgress VmFaultToleranceIssue InvalidState
        EnableSecondaryVM_Task(vm: VirtualMachine, host: HostSystem?): Task 4.0
                needs VirtualMachine.Interact.EnableSecondary
                throws TaskInProgress VmFaultToleranceIssue InvalidState VmConfigFault
        SetDisplayTopology(displays: VirtualMachineDisplayTopology[]): void 2.5
                needs VirtualMachine.Interact.ConsoleInteract
                throws InvalidState ToolsUnavailable
        StartRecording_Task(name: string, description: string?): Task 4.0
                needs VirtualMachine.Interact.Record
                throws InvalidState InvalidPowerState TaskInProgress FileFault SnapshotFault VmConfigFault
                        RecordReplayDisabled HostIncompatibleForRecordReplay InvalidName
        StopRecording_Task(): Task 4.0
                needs VirtualMachine.Interact.Record
                throws InvalidState InvalidPowerState TaskInProgress FileFault SnapshotFault
        StartReplaying_Task(replaySnapshot: VirtualMachineSnapshot): Task 4.0
                needs VirtualMachine.Interact.Replay
                throws InvalidState InvalidPowerState TaskInProgress FileFault SnapshotFault NotFound
                        VmConfigFault RecordReplayDisabled HostIncompatibleForRecordReplay
        StopReplaying_Task(): Task 4.0
                needs VirtualMachine.Interact.Replay
                throws InvalidState InvalidPowerState TaskInProgress FileFault SnapshotFault
        PromoteDisks_Task(unlink: boolean, disks: VirtualDisk[]?): Task 4.0
                needs VirtualMachine.Provisioning.PromoteDisks
                throws InvalidState InvalidPowerState TaskInProgress
        CreateScreenshot_Task(): Task 4.0
                needs VirtualMachine.Interact.CreateScreenshot
                throws TaskInProgress FileFault InvalidState
        PutUsbScanCodes(spec: UsbScanCodeSpec): int 6.5
                needs VirtualMachine.Interact.PutUsbScanCodes
        QueryChangedDiskAreas(snapshot: VirtualMachineSnapshot?, deviceKey: int, startOffset: long, changeId: string): DiskChangeInfo 4.0
                needs VirtualMachine.Provisioning.DiskRandomRead
                throws FileFault NotFound
        QueryUnownedFiles(): string[]? 4.0
                needs VirtualMachine.Config.QueryUnownedFiles
        reloadVirtualMachineFromPath_Task(configurationPath: string): Task 4.1
                needs VirtualMachine.Config.ReloadFromPath
                throws InvalidPowerState TaskInProgress FileFault InvalidState VmConfigFault AlreadyExists
        QueryFaultToleranceCompatibility(): LocalizedMethodFault[]? 4.1
                needs VirtualMachine.Config.QueryFTCompatibility
                throws InvalidState VmConfigFault
        QueryFaultToleranceCompatibilityEx(forLegacyFt: boolean?): LocalizedMethodFault[]? 6.0
                needs VirtualMachine.Config.QueryFTCompatibility
                throws InvalidState VmConfigFault
        TerminateVM(): void 5.0
                needs VirtualMachine.Interact.PowerOff
                throws InvalidState TaskInProgress
        SendNMI(): void 6.0
                needs VirtualMachine.Interact.GuestControl
                throws InvalidState
        AttachDisk_Task(diskId: ID, datastore: Datastore, controllerKey: int?, unitNumber: int?): Task 6.5
                needs VirtualMachine.Config.AddExistingDisk
                throws NotFound VmConfigFault FileFault InvalidState InvalidDatastore InvalidController
                        MissingController DeviceUnsupportedForVmVersion
        DetachDisk_Task(diskId: ID): Task 6.5
                needs VirtualMachine.Config.RemoveDisk
                throws NotFound VmConfigFault FileFault InvalidState
        ApplyEvcModeVM_Task(mask: HostFeatureMask[]?, completeMasks: boolean?): Task 6.7
                needs VirtualMachine.Config.Settings
                throws InvalidState
        CryptoUnlock_Task(): Task 6.7
                needs Cryptographer.RegisterVM
                throws InvalidState NotSupported

data VirtualMachineAffinityInfo : DynamicData 2.0
        affinitySet: int[]?

enum VirtualMachineAppHeartbeatStatusType 4.1
        appStatusGray
        appStatusGreen
        appStatusRed

enum VirtualMachineBackupEventInfoBackupEventType 2.5
        reset
        requestorError
        requestorAbort
        providerAbort
        snapshotPrepare
        snapshotCommit
        requestorDone
        backupManifest
        writerError
        keepAlive

data VirtualMachineBootOptions : DynamicData 2.5
        bootDelay: long?
        enterBIOSSetup: boolean?
        efiSecureBootEnabled: boolean? 6.5
        bootRetryEnabled: boolean? 4.1
        bootRetryDelay: long? 4.1
        bootOrder: VirtualMachineBootOptionsBootableDevice[]? 5.0
        networkBootProtocol: string? 6.0

data VirtualMachineBootOptionsBootableCdromDevice : VirtualMachineBootOptionsBootableDevice 5.0

data VirtualMachineBootOptionsBootableDevice : DynamicData 5.0

data VirtualMachineBootOptionsBootableDiskDevice : VirtualMachineBootOptionsBootableDevice 5.0
        deviceKey: int

data VirtualMachineBootOptionsBootableEthernetDevice : VirtualMachineBootOptionsBootableDevice 5.0
        deviceKey: int

data VirtualMachineBootOptionsBootableFloppyDevice : VirtualMachineBootOptionsBootableDevice 5.0

enum VirtualMachineBootOptionsNetworkBootProtocolType 6.0
        ipv4
        ipv6

data VirtualMachineCapability : DynamicData 2.0
        snapshotOperationsSupported: boolean
        multipleSnapshotsSupported: boolean
        snapshotConfigSupported: boolean
        poweredOffSnapshotsSupported: boolean
        memorySnapshotsSupported: boolean
        revertToSnapshotSupported: boolean
        quiescedSnapshotsSupported: boolean
        disableSnapshotsSupported: boolean 2.5
        lockSnapshotsSupported: boolean 2.5
        consolePreferencesSupported: boolean
        cpuFeatureMaskSupported: boolean
        s1AcpiManagementSupported: boolean
        settingScreenResolutionSupported: boolean
        toolsAutoUpdateSupported: boolean
        vmNpivWwnSupported: boolean 2.5
        npivWwnOnNonRdmVmSupported: boolean 2.5
        vmNpivWwnDisableSupported: boolean 4.0
        vmNpivWwnUpdateSupported: boolean 4.0
        swapPlacementSupported: boolean 2.5
        toolsSyncTimeSupported: boolean 2.5
        virtualMmuUsageSupported: boolean 2.5
        diskSharesSupported: boolean 2.5
        bootOptionsSupported: boolean 2.5
        bootRetryOptionsSupported: boolean 4.1
        settingVideoRamSizeSupported: boolean 2.5
        settingDisplayTopologySupported: boolean 2.5
        recordReplaySupported: boolean 4.0
        changeTrackingSupported: boolean 4.0
        multipleCoresPerSocketSupported: boolean 5.0
        hostBasedReplicationSupported: boolean 5.0
        guestAutoLockSupported: boolean 5.0
        memoryReservationLockSupported: boolean 5.0
        featureRequirementSupported: boolean 5.1
        poweredOnMonitorTypeChangeSupported: boolean 5.1
        seSparseDiskSupported: boolean 5.1
        nestedHVSupported: boolean 5.1
        vPMCSupported: boolean 5.1
        secureBootSupported: boolean? 6.5
        perVmEvcSupported: boolean? 6.7
        virtualMmuUsageIgnored: boolean? 6.7
        virtualExecUsageIgnored: boolean? 6.7
        diskOnlySnapshotOnSuspendedVMSupported: boolean? 6.7

data VirtualMachineCdromInfo : VirtualMachineTargetInfo 2.0
        description: string? 6.5

data VirtualMachineCloneSpec : DynamicData 2.0
        location: VirtualMachineRelocateSpec
        template: boolean
        config: VirtualMachineConfigSpec?
        customization: CustomizationSpec?
        powerOn: boolean
        snapshot: VirtualMachineSnapshot? 4.0
        memory: boolean? 5.5

managed VirtualMachineCompatibilityChecker : ManagedObject 4.0
        CheckCompatibility_Task(vm: VirtualMachine, host: HostSystem?, pool: ResourcePool?, testType: string[]?): Task
                needs System.View
                throws InvalidState InvalidArgument DatacenterMismatch
        CheckVmConfig_Task(spec: VirtualMachineConfigSpec, vm: VirtualMachine?, host: HostSystem?, pool: ResourcePool?, testType: string[]?): Task? 6.7
                needs System.View
                throws InvalidArgument DatacenterMismatch
        CheckPowerOn_Task(vm: VirtualMachine, host: HostSystem?, pool: ResourcePool?, testType: string[]?): Task? 6.7
                needs System.View
                throws InvalidArgument DatacenterMismatch

data VirtualMachineConfigInfo : DynamicData 2.0
        changeVersion: string
        modified: dateTime
        name: string
        guestFullName: string
        version: string
        uuid: string
        createDate: dateTime? 6.7
        instanceUuid: string? 4.0
        npivNodeWorldWideName: long[]? 2.5
        npivPortWorldWideName: long[]? 2.5
        npivWorldWideNameType: string? 2.5
        npivDesiredNodeWwns: short? 4.0
        npivDesiredPortWwns: short? 4.0
        npivTemporaryDisabled: boolean? 4.0
        npivOnNonRdmDisks: boolean? 4.0
        locationId: string?
        template: boolean
        guestId: string
        alternateGuestName: string 2.5
        annotation: string?
        files: VirtualMachineFileInfo
        tools: ToolsConfigInfo?
        flags: VirtualMachineFlagInfo
        consolePreferences: VirtualMachineConsolePreferences?
        defaultPowerOps: VirtualMachineDefaultPowerOpInfo
        hardware: VirtualHardware
        vcpuConfig: VirtualMachineVcpuConfig[]? 7.0
        cpuAllocation: ResourceAllocationInfo?
        memoryAllocation: ResourceAllocationInfo?
        latencySensitivity: LatencySensitivity? 5.1
        memoryHotAddEnabled: boolean? 2.5
        cpuHotAddEnabled: boolean? 2.5
        cpuHotRemoveEnabled: boolean? 2.5
        hotPlugMemoryLimit: long? 2.5
        hotPlugMemoryIncrementSize: long? 2.5
        cpuAffinity: VirtualMachineAffinityInfo?
        memoryAffinity: VirtualMachineAffinityInfo?
        networkShaper: VirtualMachineNetworkShaperInfo?
        extraConfig: OptionValue[]?
        cpuFeatureMask: HostCpuIdInfo[]?
        datastoreUrl: VirtualMachineConfigInfoDatastoreUrlPair[]?
        swapPlacement: string? 2.5
        bootOptions: VirtualMachineBootOptions? 2.5
        ftInfo: FaultToleranceConfigInfo? 4.0
        repConfig: ReplicationConfigSpec? 6.0
        vAppConfig: VmConfigInfo? 4.0
        vAssertsEnabled: boolean? 4.0
        changeTrackingEnabled: boolean? 4.0
        firmware: string? 5.0
        maxMksConnections: int? 5.0
        guestAutoLockEnabled: boolean? 5.0
        managedBy: ManagedByInfo? 5.0
        memoryReservationLockedToMax: boolean? 5.0
        initialOverhead: VirtualMachineConfigInfoOverheadInfo? 5.0
        nestedHVEnabled: boolean? 5.1
        vPMCEnabled: boolean? 5.1
        scheduledHardwareUpgradeInfo: ScheduledHardwareUpgradeInfo? 5.1
        forkConfigInfo: VirtualMachineForkConfigInfo? 6.0
        vFlashCacheReservation: long? 5.5
        vmxConfigChecksum: base64Binary? 6.0
        messageBusTunnelEnabled: boolean? 6.0
        vmStorageObjectId: string? 6.0
        swapStorageObjectId: string? 6.0
        keyId: CryptoKeyId? 6.5
        guestIntegrityInfo: VirtualMachineGuestIntegrityInfo? 6.5
        migrateEncryption: string? 6.5
        sgxInfo: VirtualMachineSgxInfo? 7.0
        contentLibItemInfo: VirtualMachineContentLibraryItemInfo? 7.0
        guestMonitoringModeInfo: VirtualMachineGuestMonitoringModeInfo? 7.0

data VirtualMachineConfigInfoDatastoreUrlPair : DynamicData 2.0
        name: string
        url: string

enum VirtualMachineConfigInfoNpivWwnType 2.5
        vc
        host
        external

data VirtualMachineConfigInfoOverheadInfo : DynamicData 5.0
        initialMemoryReservation: long?
        initialSwapReservation: long?

enum VirtualMachineConfigInfoSwapPlacementType 2.5
        inherit
        vmDirectory
        hostLocal

data VirtualMachineConfigOption : DynamicData 2.0
        version: string
        description: string
        guestOSDescriptor: GuestOsDescriptor[]
        guestOSDefaultIndex: int
        hardwareOptions: VirtualHardwareOption
        capabilities: VirtualMachineCapability
        datastore: DatastoreOption
        defaultDevice: VirtualDevice[]?
        supportedMonitorType: string[] 2.5
        supportedOvfEnvironmentTransport: string[]? 4.0
        supportedOvfInstallTransport: string[]? 4.0
        propertyRelations: VirtualMachinePropertyRelation[]? 6.7

data VirtualMachineConfigOptionDescriptor : DynamicData 2.0
        key: string
        description: string?
        host: HostSystem[]?
        createSupported: boolean 2.5
        defaultConfigOption: boolean 2.5
        runSupported: boolean 5.1
        upgradeSupported: boolean 5.1

data VirtualMachineConfigSpec : DynamicData 2.0
        changeVersion: string?
        name: string?
        version: string?
        createDate: dateTime? 6.7
        uuid: string?
        instanceUuid: string? 4.0
        npivNodeWorldWideName: long[]? 2.5
        npivPortWorldWideName: long[]? 2.5
        npivWorldWideNameType: string? 2.5
        npivDesiredNodeWwns: short? 4.0
        npivDesiredPortWwns: short? 4.0
        npivTemporaryDisabled: boolean? 4.0
        npivOnNonRdmDisks: boolean? 4.0
        npivWorldWideNameOp: string? 2.5
        locationId: string?
        guestId: string?
        alternateGuestName: string? 2.5
        annotation: string?
        files: VirtualMachineFileInfo?
        tools: ToolsConfigInfo?
        flags: VirtualMachineFlagInfo?
        consolePreferences: VirtualMachineConsolePreferences?
        powerOpInfo: VirtualMachineDefaultPowerOpInfo?
        numCPUs: int?
        vcpuConfig: VirtualMachineVcpuConfig[]? 7.0
        numCoresPerSocket: int? 5.0
        memoryMB: long?
        memoryHotAddEnabled: boolean? 2.5
        cpuHotAddEnabled: boolean? 2.5
        cpuHotRemoveEnabled: boolean? 2.5
        virtualICH7MPresent: boolean? 5.0
        virtualSMCPresent: boolean? 5.0
        deviceChange: VirtualDeviceConfigSpec[]?
        cpuAllocation: ResourceAllocationInfo?
        memoryAllocation: ResourceAllocationInfo?
        latencySensitivity: LatencySensitivity? 5.1
        cpuAffinity: VirtualMachineAffinityInfo?
        memoryAffinity: VirtualMachineAffinityInfo?
        networkShaper: VirtualMachineNetworkShaperInfo?
        cpuFeatureMask: VirtualMachineCpuIdInfoSpec[]?
        extraConfig: OptionValue[]?
        swapPlacement: string? 2.5
        bootOptions: VirtualMachineBootOptions? 2.5
        vAppConfig: VmConfigSpec? 4.0
        ftInfo: FaultToleranceConfigInfo? 4.0
        repConfig: ReplicationConfigSpec? 6.0
        vAppConfigRemoved: boolean? 4.0
        vAssertsEnabled: boolean? 4.0
        changeTrackingEnabled: boolean? 4.0
        firmware: string? 5.0
        maxMksConnections: int? 5.0
        guestAutoLockEnabled: boolean? 5.0
        managedBy: ManagedByInfo? 5.0
        memoryReservationLockedToMax: boolean? 5.0
        nestedHVEnabled: boolean? 5.1
        vPMCEnabled: boolean? 5.1
        scheduledHardwareUpgradeInfo: ScheduledHardwareUpgradeInfo? 5.1
        vmProfile: VirtualMachineProfileSpec[]? 5.5
        messageBusTunnelEnabled: boolean? 6.0
        crypto: CryptoSpec? 6.5
        migrateEncryption: string? 6.5
        sgxInfo: VirtualMachineSgxInfo? 7.0
        guestMonitoringModeInfo: VirtualMachineGuestMonitoringModeInfo? 7.0

enum VirtualMachineConfigSpecEncryptedVMotionModes 6.5
        disabled
        opportunistic
        required

enum VirtualMachineConfigSpecNpivWwnOp 2.5
        generate
        set
        remove
        extend 4.0

data VirtualMachineConfigSummary : DynamicData 2.0
        name: string
        template: boolean
        vmPathName: string
        memorySizeMB: int?
        cpuReservation: int?
        memoryReservation: int?
        numCpu: int?
        numEthernetCards: int?
        numVirtualDisks: int?
        uuid: string?
        instanceUuid: string? 4.0
        guestId: string?
        guestFullName: string?
        annotation: string?
        product: VAppProductInfo? 4.0
        installBootRequired: boolean? 4.0
        ftInfo: FaultToleranceConfigInfo? 4.0
        managedBy: ManagedByInfo? 5.0
        tpmPresent: boolean? 6.7
        numVmiopBackings: int? 6.7
        hwVersion: string? 6.9.1

enum VirtualMachineConnectionState 2.0
        connected
        disconnected
        orphaned
        inaccessible
        invalid

data VirtualMachineConsolePreferences : DynamicData 2.0
        powerOnWhenOpened: boolean?
        enterFullScreenOnPowerOn: boolean?
        closeOnPowerOffOrSuspend: boolean?

data VirtualMachineContentLibraryItemInfo : DynamicData 7.0
        contentLibraryItemUuid: string
        contentLibraryItemVersion: string?

data VirtualMachineCpuIdInfoSpec : ArrayUpdateSpec 2.0
        info: HostCpuIdInfo?

enum VirtualMachineCryptoState 6.7
        unlocked
        locked

data VirtualMachineDatastoreInfo : VirtualMachineTargetInfo 2.0
        datastore: DatastoreSummary
        capability: DatastoreCapability
        maxFileSize: long
        maxVirtualDiskCapacity: long? 5.5
        maxPhysicalRDMFileSize: long? 6.0
        maxVirtualRDMFileSize: long? 6.0
        mode: string
        vStorageSupport: string? 5.0

data VirtualMachineDatastoreVolumeOption : DynamicData 2.0
        fileSystemType: TypeName
        majorVersion: int?

data VirtualMachineDefaultPowerOpInfo : DynamicData 2.0
        powerOffType: string?
        suspendType: string?
        resetType: string?
        defaultPowerOffType: string?
        defaultSuspendType: string?
        defaultResetType: string?
        standbyAction: string?

data VirtualMachineDefaultProfileSpec : VirtualMachineProfileSpec 6.0

data VirtualMachineDefinedProfileSpec : VirtualMachineProfileSpec 5.5
        profileId: string
        replicationSpec: ReplicationSpec? 6.5
        profileData: VirtualMachineProfileRawData?
        profileParams: KeyValue[]? 6.7

data VirtualMachineDeviceRuntimeInfo : DynamicData 4.1
        runtimeState: VirtualMachineDeviceRuntimeInfoDeviceRuntimeState
        key: int

data VirtualMachineDeviceRuntimeInfoDeviceRuntimeState : DynamicData 4.1

data VirtualMachineDeviceRuntimeInfoVirtualEthernetCardRuntimeState : VirtualMachineDeviceRuntimeInfoDeviceRuntimeState 4.1
        vmDirectPathGen2Active: boolean
        vmDirectPathGen2InactiveReasonVm: string[]?
        vmDirectPathGen2InactiveReasonOther: string[]?
        vmDirectPathGen2InactiveReasonExtended: string?
        reservationStatus: string? 5.5
        attachmentStatus: string? 6.7
        featureRequirement: VirtualMachineFeatureRequirement[]? 6.7

enum VirtualMachineDeviceRuntimeInfoVirtualEthernetCardRuntimeStateVmDirectPathGen2InactiveReasonOther 4.1
        vmNptIncompatibleHost
        vmNptIncompatibleNetwork

enum VirtualMachineDeviceRuntimeInfoVirtualEthernetCardRuntimeStateVmDirectPathGen2InactiveReasonVm 4.1
        vmNptIncompatibleGuest
        vmNptIncompatibleGuestDriver
        vmNptIncompatibleAdapterType
        vmNptDisabledOrDisconnectedAdapter
        vmNptIncompatibleAdapterFeatures
        vmNptIncompatibleBackingType
        vmNptInsufficientMemoryReservation
        vmNptFaultToleranceOrRecordReplayConfigured
        vmNptConflictingIOChainConfigured
        vmNptMonitorBlocks
        vmNptConflictingOperationInProgress
        vmNptRuntimeError
        vmNptOutOfIntrVector
        vmNptVMCIActive 5.1

data VirtualMachineDiskDeviceInfo : VirtualMachineTargetInfo 2.0
        capacity: long?
        vm: VirtualMachine[]?

data VirtualMachineDisplayTopology : DynamicData 2.5
        x: int
        y: int
        width: int
        height: int

data VirtualMachineDynamicPassthroughInfo : VirtualMachineTargetInfo 7.0
        vendorName: string
        deviceName: string
        customLabel: string?
        vendorId: int
        deviceId: int

data VirtualMachineEmptyProfileSpec : VirtualMachineProfileSpec 5.5

enum VirtualMachineFaultToleranceState 4.0
        notConfigured
        disabled
        enabled
        needSecondary
        starting
        running

enum VirtualMachineFaultToleranceType 6.0
        unset
        recordReplay
        checkpointing

data VirtualMachineFeatureRequirement : DynamicData 5.1
        key: string
        featureName: string
        value: string

data VirtualMachineFileInfo : DynamicData 2.0
        vmPathName: string?
        snapshotDirectory: string?
        suspendDirectory: string?
        logDirectory: string?
        ftMetadataDirectory: string? 6.0

data VirtualMachineFileLayout : DynamicData 2.0
        configFile: string[]?
        logFile: string[]?
        disk: VirtualMachineFileLayoutDiskLayout[]?
        snapshot: VirtualMachineFileLayoutSnapshotLayout[]?
        swapFile: string?

data VirtualMachineFileLayoutDiskLayout : DynamicData 2.0
        key: int
        diskFile: string[]

data VirtualMachineFileLayoutEx : DynamicData 4.0
        file: VirtualMachineFileLayoutExFileInfo[]?
        disk: VirtualMachineFileLayoutExDiskLayout[]?
        snapshot: VirtualMachineFileLayoutExSnapshotLayout[]?
        timestamp: dateTime

data VirtualMachineFileLayoutExDiskLayout : DynamicData 4.0
        key: int
        chain: VirtualMachineFileLayoutExDiskUnit[]?

data VirtualMachineFileLayoutExDiskUnit : DynamicData 4.0
        fileKey: int[]

data VirtualMachineFileLayoutExFileInfo : DynamicData 4.0
        key: int
        name: string
        type: string
        size: long
        uniqueSize: long? 5.1
        backingObjectId: string? 6.0
        accessible: boolean? 6.0

enum VirtualMachineFileLayoutExFileType 4.0
        config
        extendedConfig
        diskDescriptor
        diskExtent
        digestDescriptor 5.0
        digestExtent 5.0
        diskReplicationState 5.0
        log
        stat
        namespaceData 5.1
        nvram
        snapshotData
        snapshotMemory 6.0
        snapshotList
        snapshotManifestList 5.0
        suspend
        suspendMemory 6.0
        swap
        uwswap 5.0
        core
        screenshot
        ftMetadata 6.0
        guestCustomization 6.0

data VirtualMachineFileLayoutExSnapshotLayout : DynamicData 4.0
        key: VirtualMachineSnapshot
        dataKey: int
        memoryKey: int 6.0
        disk: VirtualMachineFileLayoutExDiskLayout[]?

data VirtualMachineFileLayoutSnapshotLayout : DynamicData 2.0
        key: VirtualMachineSnapshot
        snapshotFile: string[]

data VirtualMachineFlagInfo : DynamicData 2.0
        disableAcceleration: boolean?
        enableLogging: boolean?
        useToe: boolean?
        runWithDebugInfo: boolean?
        monitorType: string? 2.5
        htSharing: string?
        snapshotDisabled: boolean? 2.5
        snapshotLocked: boolean? 2.5
        diskUuidEnabled: boolean? 2.5
        virtualMmuUsage: string? 2.5
        virtualExecUsage: string? 4.0
        snapshotPowerOffBehavior: string? 2.5
        recordReplayEnabled: boolean? 4.0
        faultToleranceType: string? 6.0
        cbrcCacheEnabled: boolean? 6.5
        vvtdEnabled: boolean? 6.7
        vbsEnabled: boolean? 6.7

enum VirtualMachineFlagInfoMonitorType 2.5
        release
        debug
        stats

enum VirtualMachineFlagInfoVirtualExecUsage 4.0
        hvAuto
        hvOn
        hvOff

enum VirtualMachineFlagInfoVirtualMmuUsage 2.5
        automatic
        on
        off

data VirtualMachineFloppyInfo : VirtualMachineTargetInfo 2.0

data VirtualMachineForkConfigInfo : DynamicData 6.0
        parentEnabled: boolean?
        childForkGroupId: string?
        parentForkGroupId: string? 6.5
        childType: string?

enum VirtualMachineForkConfigInfoChildType 6.0
        none
        persistent
        nonpersistent

managed VirtualMachineGuestCustomizationManager : ManagedObject 6.8.7
        CustomizeGuest_Task(vm: VirtualMachine, auth: GuestAuthentication, spec: CustomizationSpec, configParams: OptionValue[]?): Task
                needs VirtualMachine.Provisioning.Customize
                throws TaskInProgress InvalidState InvalidGuestLogin GuestPermissionDenied
                        CustomizationFault
        StartGuestNetwork_Task(vm: VirtualMachine, auth: GuestAuthentication): Task
                needs VirtualMachine.Provisioning.Customize
                throws TaskInProgress InvalidState InvalidGuestLogin GuestPermissionDenied
                        CustomizationFault
        AbortCustomization_Task(vm: VirtualMachine, auth: GuestAuthentication): Task
                needs VirtualMachine.Provisioning.Customize
                throws TaskInProgress InvalidState InvalidGuestLogin GuestPermissionDenied
                        CustomizationFault

data VirtualMachineGuestIntegrityInfo : DynamicData 6.5
        enabled: boolean?

data VirtualMachineGuestMonitoringModeInfo : DynamicData 7.0
        gmmFile: string?
        gmmAppliance: string?

enum VirtualMachineGuestOsFamily 2.0
        windowsGuest
        linuxGuest
        netwareGuest
        solarisGuest
        darwinGuestFamily 5.0
        otherGuestFamily

enum VirtualMachineGuestOsIdentifier 2.0
        dosGuest
        win31Guest
        win95Guest
        win98Guest
        winMeGuest
        winNTGuest
        win2000ProGuest
        win2000ServGuest
        win2000AdvServGuest
        winXPHomeGuest
        winXPProGuest
        winXPPro64Guest
        winNetWebGuest
        winNetStandardGuest
        winNetEnterpriseGuest
        winNetDatacenterGuest 2.5
        winNetBusinessGuest
        winNetStandard64Guest
        winNetEnterprise64Guest
        winLonghornGuest 2.5
        winLonghorn64Guest 2.5
        winNetDatacenter64Guest 2.5
        winVistaGuest
        winVista64Guest
        windows7Guest 4.0
        windows7_64Guest 4.0
        windows7Server64Guest 4.0
        windows8Guest 5.0
        windows8_64Guest 5.0
        windows8Server64Guest 5.0
        windows9Guest 6.0
        windows9_64Guest 6.0
        windows9Server64Guest 6.0
        windowsHyperVGuest 5.5
        windows2019srv_64Guest 7.0
        freebsdGuest
        freebsd64Guest
        freebsd11Guest 6.7
        freebsd11_64Guest 6.7
        freebsd12Guest 6.7
        freebsd12_64Guest 6.7
        redhatGuest
        rhel2Guest
        rhel3Guest
        rhel3_64Guest
        rhel4Guest
        rhel4_64Guest
        rhel5Guest 2.5
        rhel5_64Guest 2.5
        rhel6Guest 4.0
        rhel6_64Guest 4.0
        rhel7Guest 5.5
        rhel7_64Guest 5.5
        rhel8_64Guest 6.7
        centosGuest 4.1
        centos64Guest 4.1
        centos6Guest 6.5
        centos6_64Guest 6.5
        centos7Guest 6.5
        centos7_64Guest 6.5
        centos8_64Guest 6.7
        oracleLinuxGuest 4.1
        oracleLinux64Guest 4.1
        oracleLinux6Guest 6.5
        oracleLinux6_64Guest 6.5
        oracleLinux7Guest 6.5
        oracleLinux7_64Guest 6.5
        oracleLinux8_64Guest 6.7
        suseGuest
        suse64Guest
        slesGuest
        sles64Guest
        sles10Guest 2.5
        sles10_64Guest 2.5
        sles11Guest 4.0
        sles11_64Guest 4.0
        sles12Guest 5.5
        sles12_64Guest 5.5
        sles15_64Guest 6.7
        nld9Guest
        oesGuest
        sjdsGuest
        mandrakeGuest 5.5
        mandrivaGuest
        mandriva64Guest
        turboLinuxGuest
        turboLinux64Guest
        ubuntuGuest
        ubuntu64Guest
        debian4Guest
        debian4_64Guest
        debian5Guest 4.0
        debian5_64Guest 4.0
        debian6Guest 5.0
        debian6_64Guest 5.0
        debian7Guest 5.5
        debian7_64Guest 5.5
        debian8Guest 6.0
        debian8_64Guest 6.0
        debian9Guest 6.5
        debian9_64Guest 6.5
        debian10Guest 6.5
        debian10_64Guest 6.5
        debian11Guest 7.0
        debian11_64Guest 7.0
        asianux3Guest
        asianux3_64Guest
        asianux4Guest 4.0
        asianux4_64Guest 4.0
        asianux5_64Guest 6.0
        asianux7_64Guest 6.5
        asianux8_64Guest 6.7
        opensuseGuest 5.1
        opensuse64Guest 5.1
        fedoraGuest 5.1
        fedora64Guest 5.1
        coreos64Guest 6.0
        vmwarePhoton64Guest 6.5
        other24xLinuxGuest
        other26xLinuxGuest
        otherLinuxGuest
        other3xLinuxGuest 5.5
        other4xLinuxGuest 6.7
        genericLinuxGuest 5.5
        other24xLinux64Guest
        other26xLinux64Guest
        other3xLinux64Guest 5.5
        other4xLinux64Guest 6.7
        otherLinux64Guest
        solaris6Guest
        solaris7Guest
        solaris8Guest
        solaris9Guest
        solaris10Guest
        solaris10_64Guest
        solaris11_64Guest 5.0
        os2Guest
        eComStationGuest 4.1
        eComStation2Guest 5.0
        netware4Guest
        netware5Guest
        netware6Guest
        openServer5Guest
        openServer6Guest
        unixWare7Guest
        darwinGuest
        darwin64Guest 4.0
        darwin10Guest 5.0
        darwin10_64Guest 5.0
        darwin11Guest 5.0
        darwin11_64Guest 5.0
        darwin12_64Guest 5.5
        darwin13_64Guest 5.5
        darwin14_64Guest 6.0
        darwin15_64Guest 6.5
        darwin16_64Guest 6.5
        darwin17_64Guest 6.7
        darwin18_64Guest 6.7
        darwin19_64Guest 7.0
        vmkernelGuest 5.0
        vmkernel5Guest 5.0
        vmkernel6Guest 6.0
        vmkernel65Guest 6.5
        vmkernel7Guest 7.0
        amazonlinux2_64Guest 6.7.1
        crxPod1Guest 7.0
        otherGuest
        otherGuest64

data VirtualMachineGuestQuiesceSpec : DynamicData 6.5
        timeout: int?

enum VirtualMachineGuestState 2.0
        running
        shuttingDown
        resetting
        standby
        notRunning
        unknown

data VirtualMachineGuestSummary : DynamicData 2.0
        guestId: string?
        guestFullName: string?
        toolsStatus: VirtualMachineToolsStatus?
        toolsVersionStatus: string? 4.0
        toolsVersionStatus2: string? 5.0
        toolsRunningStatus: string? 4.0
        hostName: string?
        ipAddress: string?
        hwVersion: string? 6.9.1

enum VirtualMachineHtSharing 2.0
        any
        none
        internal

data VirtualMachineIdeDiskDeviceInfo : VirtualMachineDiskDeviceInfo 2.0
        partitionTable: VirtualMachineIdeDiskDevicePartitionInfo[]?

data VirtualMachineIdeDiskDevicePartitionInfo : DynamicData 2.0
        id: int
        capacity: int

data VirtualMachineImportSpec : ImportSpec 4.0
        configSpec: VirtualMachineConfigSpec
        resPoolEntity: ResourcePool? 4.1

data VirtualMachineInstantCloneSpec : DynamicData 6.7
        name: string
        location: VirtualMachineRelocateSpec
        config: OptionValue[]?
        biosUuid: string?

data VirtualMachineLegacyNetworkSwitchInfo : DynamicData 2.0
        name: string

data VirtualMachineMessage : DynamicData 2.5
        id: string
        argument: anyType[]?
        text: string? 4.0

data VirtualMachineMetadataManagerVmMetadata : DynamicData 5.5
        vmId: string
        metadata: string?

data VirtualMachineMetadataManagerVmMetadataInput : DynamicData 5.5
        operation: string
        vmMetadata: VirtualMachineMetadataManagerVmMetadata

enum VirtualMachineMetadataManagerVmMetadataOp 5.5
        Update
        Remove

data VirtualMachineMetadataManagerVmMetadataOwner : DynamicData 5.5
        name: string

enum VirtualMachineMetadataManagerVmMetadataOwnerOwner 5.5
        ComVmwareVsphereHA

data VirtualMachineMetadataManagerVmMetadataResult : DynamicData 5.5
        vmMetadata: VirtualMachineMetadataManagerVmMetadata
        error: LocalizedMethodFault?

data VirtualMachineMksTicket : DynamicData 2.0
        ticket: string
        cfgFile: string
        host: string?
        port: int?
        sslThumbprint: string? 2.5

enum VirtualMachineMovePriority 2.0
        lowPriority
        highPriority
        defaultPriority

enum VirtualMachineNamespaceManagerDataSpecOpCode 5.1
        updateAlways
        updateIfEqual

enum VirtualMachineNeedSecondaryReason 4.0
        initializing
        divergence
        lostConnection
        partialHardwareFailure
        userAction
        checkpointError 6.0
        other

data VirtualMachineNetworkInfo : VirtualMachineTargetInfo 2.0
        network: NetworkSummary
        vswitch: string? 6.5

data VirtualMachineNetworkShaperInfo : DynamicData 2.0
        enabled: boolean?
        peakBps: long?
        averageBps: long?
        burstSize: long?

data VirtualMachineParallelInfo : VirtualMachineTargetInfo 2.0

data VirtualMachinePciPassthroughInfo : VirtualMachineTargetInfo 4.0
        pciDevice: HostPciDevice
        systemId: string

data VirtualMachinePciSharedGpuPassthroughInfo : VirtualMachineTargetInfo 6.0
        vgpu: string

enum VirtualMachinePowerOffBehavior 2.5
        powerOff
        revert
        prompt
        take 6.0

enum VirtualMachinePowerOpType 2.0
        soft
        hard
        preset

enum VirtualMachinePowerState 2.0
        poweredOff
        poweredOn
        suspended

data VirtualMachinePrecisionClockInfo : VirtualMachineTargetInfo 7.0
        systemClockProtocol: string?

data VirtualMachineProfileDetails : DynamicData 6.7
        profile: VirtualMachineProfileSpec[]?
        diskProfileDetails: VirtualMachineProfileDetailsDiskProfileDetails[]?

data VirtualMachineProfileDetailsDiskProfileDetails : DynamicData 6.7
        diskId: int
        profile: VirtualMachineProfileSpec[]?

data VirtualMachineProfileRawData : DynamicData 5.5
        extensionKey: string
        objectData: string?

data VirtualMachineProfileSpec : DynamicData 5.5

data VirtualMachinePropertyRelation : DynamicData 6.7
        key: DynamicProperty
        relations: DynamicProperty[]?

managed VirtualMachineProvisioningChecker : ManagedObject 4.0
        QueryVMotionCompatibilityEx_Task(vm: VirtualMachine[], host: HostSystem[]): Task
                needs System.View
        CheckMigrate_Task(vm: VirtualMachine, host: HostSystem?, pool: ResourcePool?, state: VirtualMachinePowerState?, testType: string[]?): Task
                needs System.View
                throws InvalidState
        CheckRelocate_Task(vm: VirtualMachine, spec: VirtualMachineRelocateSpec, testType: string[]?): Task
                needs System.View
                throws InvalidState
        CheckClone_Task(vm: VirtualMachine, folder: Folder, name: string, spec: VirtualMachineCloneSpec, testType: string[]?): Task
                needs System.View
                throws InvalidState
        CheckInstantClone_Task(vm: VirtualMachine, spec: VirtualMachineInstantCloneSpec, testType: string[]?): Task? 6.7
                needs System.View
                throws InvalidState

enum VirtualMachineProvisioningPolicyAction 5.0
        keep
        remove

enum VirtualMachineProvisioningPolicyOpType 5.0
        clone
        migrate
        createSecondary
        createForkChild 6.0
        instantClone 6.7

data VirtualMachineQuestionInfo : DynamicData 2.0
        id: string
        text: string
        choice: ChoiceOption
        message: VirtualMachineMessage[]? 2.5

data VirtualMachineQuickStats : DynamicData 2.0
        overallCpuUsage: int?
        overallCpuDemand: int? 4.0
        overallCpuReadiness: int? 7.0
        guestMemoryUsage: int?
        hostMemoryUsage: int?
        guestHeartbeatStatus: ManagedEntityStatus
        distributedCpuEntitlement: int?
        distributedMemoryEntitlement: int?
        staticCpuEntitlement: int? 4.0
        staticMemoryEntitlement: int? 4.0
        grantedMemory: int? 7.0
        privateMemory: int? 4.0
        sharedMemory: int? 4.0
        swappedMemory: int? 4.0
        balloonedMemory: int? 4.0
        consumedOverheadMemory: int? 4.0
        ftLogBandwidth: int? 4.0
        ftSecondaryLatency: int? 4.0
        ftLatencyStatus: ManagedEntityStatus? 4.0
        compressedMemory: long? 4.1
        uptimeSeconds: int? 4.1
        ssdSwappedMemory: long? 5.0

enum VirtualMachineRecordReplayState 4.0
        recording
        replaying
        inactive

enum VirtualMachineRelocateDiskMoveOptions 4.0
        moveAllDiskBackingsAndAllowSharing
        moveAllDiskBackingsAndDisallowSharing
        moveChildMostDiskBacking
        createNewChildDiskBacking
        moveAllDiskBackingsAndConsolidate 5.1

data VirtualMachineRelocateSpec : DynamicData 2.0
        service: ServiceLocator? 6.0
        folder: Folder? 6.0
        datastore: Datastore?
        diskMoveType: string? 4.0
        pool: ResourcePool?
        host: HostSystem?
        disk: VirtualMachineRelocateSpecDiskLocator[]?
        transform: VirtualMachineRelocateTransformation?
        deviceChange: VirtualDeviceConfigSpec[]? 5.5
        profile: VirtualMachineProfileSpec[]? 5.5
        cryptoSpec: CryptoSpec? 7.0

data VirtualMachineRelocateSpecDiskLocator : DynamicData 2.0
        diskId: int
        datastore: Datastore
        diskMoveType: string? 4.0
        diskBackingInfo: VirtualDeviceBackingInfo? 5.0
        profile: VirtualMachineProfileSpec[]? 5.5
        backing: VirtualMachineRelocateSpecDiskLocatorBackingSpec? 7.0

data VirtualMachineRelocateSpecDiskLocatorBackingSpec : DynamicData 7.0
        parent: VirtualMachineRelocateSpecDiskLocatorBackingSpec?
        crypto: CryptoSpec?

enum VirtualMachineRelocateTransformation 2.0
        flat
        sparse

data VirtualMachineRuntimeInfo : DynamicData 2.0
        device: VirtualMachineDeviceRuntimeInfo[]? 4.1
        host: HostSystem?
        connectionState: VirtualMachineConnectionState
        powerState: VirtualMachinePowerState
        faultToleranceState: VirtualMachineFaultToleranceState 4.0
        dasVmProtection: VirtualMachineRuntimeInfoDasProtectionState? 5.0
        toolsInstallerMounted: boolean
        suspendTime: dateTime?
        bootTime: dateTime?
        suspendInterval: long?
        question: VirtualMachineQuestionInfo?
        memoryOverhead: long?
        maxCpuUsage: int?
        maxMemoryUsage: int?
        numMksConnections: int
        recordReplayState: VirtualMachineRecordReplayState 4.0
        cleanPowerOff: boolean? 4.0
        needSecondaryReason: string? 4.0
        onlineStandby: boolean 5.1
        minRequiredEVCModeKey: string? 4.1
        consolidationNeeded: boolean 5.0
        offlineFeatureRequirement: VirtualMachineFeatureRequirement[]? 5.1
        featureRequirement: VirtualMachineFeatureRequirement[]? 5.1
        featureMask: HostFeatureMask[]? 5.1
        vFlashCacheAllocation: long? 5.5
        paused: boolean? 6.0
        snapshotInBackground: boolean? 6.0
        quiescedForkParent: boolean? 6.0
        instantCloneFrozen: boolean? 6.7
        cryptoState: string? 6.7

data VirtualMachineRuntimeInfoDasProtectionState : DynamicData 5.0
        dasProtected: boolean

data VirtualMachineScsiDiskDeviceInfo : VirtualMachineDiskDeviceInfo 2.0
        disk: HostScsiDisk?
        transportHint: string? 4.0
        lunNumber: int? 4.0

data VirtualMachineScsiPassthroughInfo : VirtualMachineTargetInfo 2.0
        scsiClass: string
        vendor: string
        physicalUnitNumber: int

enum VirtualMachineScsiPassthroughType 2.0
        disk
        tape
        printer
        processor
        worm
        cdrom
        scanner
        optical
        media
        com
        raid
        unknown

data VirtualMachineSerialInfo : VirtualMachineTargetInfo 2.0

data VirtualMachineSgxInfo : DynamicData 7.0
        epcSize: long
        flcMode: string?
        lePubKeyHash: string?

enum VirtualMachineSgxInfoFlcModes 7.0
        locked
        unlocked

data VirtualMachineSgxTargetInfo : VirtualMachineTargetInfo 7.0
        maxEpcSize: long
        flcModes: string[]?
        lePubKeyHashes: string[]?

managed VirtualMachineSnapshot : ExtensibleManagedObject 2.0
        config: VirtualMachineConfigInfo
        childSnapshot: VirtualMachineSnapshot[]? 4.1
        vm: VirtualMachine 6.0
        RevertToSnapshot_Task(host: HostSystem?, suppressPowerOn: boolean? 2.5): Task
                needs VirtualMachine.State.RevertToSnapshot
                throws TaskInProgress InsufficientResourcesFault InvalidState FileFault VmConfigFault
        RemoveSnapshot_Task(removeChildren: boolean, consolidate: boolean? 5.0): Task
                needs VirtualMachine.State.RemoveSnapshot
                throws TaskInProgress
        RenameSnapshot(name: string?, description: string?): void
                needs VirtualMachine.State.RenameSnapshot
                throws InvalidName TaskInProgress InvalidState
        ExportSnapshot(): HttpNfcLease 5.5
                needs VApp.Export
                throws TaskInProgress InvalidState FileFault

data VirtualMachineSnapshotInfo : DynamicData 2.0
        currentSnapshot: VirtualMachineSnapshot?
        rootSnapshotList: VirtualMachineSnapshotTree[]

data VirtualMachineSnapshotTree : DynamicData 2.0
        snapshot: VirtualMachineSnapshot
        vm: VirtualMachine
        name: string
        description: string
        id: int 4.0
        createTime: dateTime
        state: VirtualMachinePowerState
        quiesced: boolean
        backupManifest: string? 2.5
        childSnapshotList: VirtualMachineSnapshotTree[]?
        replaySupported: boolean? 4.0

data VirtualMachineSoundInfo : VirtualMachineTargetInfo 2.5

data VirtualMachineSriovDevicePoolInfo : DynamicData 6.5
        key: string

data VirtualMachineSriovInfo : VirtualMachinePciPassthroughInfo 5.5
        virtualFunction: boolean
        pnic: string?
        devicePool: VirtualMachineSriovDevicePoolInfo? 6.5

data VirtualMachineSriovNetworkDevicePoolInfo : VirtualMachineSriovDevicePoolInfo 6.5
        switchKey: string?
        switchUuid: string?

enum VirtualMachineStandbyActionType 2.0
        checkpoint
        powerOnSuspend

data VirtualMachineStorageInfo : DynamicData 4.0
        perDatastoreUsage: VirtualMachineUsageOnDatastore[]?
        timestamp: dateTime

data VirtualMachineStorageSummary : DynamicData 4.0
        committed: long
        uncommitted: long
        unshared: long
        timestamp: dateTime

data VirtualMachineSummary : DynamicData 2.0
        vm: VirtualMachine?
        runtime: VirtualMachineRuntimeInfo
        guest: VirtualMachineGuestSummary?
        config: VirtualMachineConfigSummary
        storage: VirtualMachineStorageSummary? 4.0
        quickStats: VirtualMachineQuickStats
        overallStatus: ManagedEntityStatus
        customValue: CustomFieldValue[]?

data VirtualMachineTargetInfo : DynamicData 2.0
        name: string
        configurationTag: string[]?

enum VirtualMachineTargetInfoConfigurationTag 2.0
        compliant
        clusterWide

data VirtualMachineTicket : DynamicData 4.1
        ticket: string
        cfgFile: string
        host: string?
        port: int?
        sslThumbprint: string?
        url: string? 7.0

enum VirtualMachineTicketType 4.1
        mks
        device
        guestControl
        dnd 6.0
        webmks 6.0
        guestIntegrity 6.7
        webRemoteDevice 7.0

enum VirtualMachineToolsInstallType 6.5
        guestToolsTypeUnknown
        guestToolsTypeMSI
        guestToolsTypeTar
        guestToolsTypeOSP
        guestToolsTypeOpenVMTools

enum VirtualMachineToolsRunningStatus 4.0
        guestToolsNotRunning
        guestToolsRunning
        guestToolsExecutingScripts

enum VirtualMachineToolsStatus 2.0
        toolsNotInstalled
        toolsNotRunning
        toolsOld
        toolsOk

enum VirtualMachineToolsVersionStatus 4.0
        guestToolsNotInstalled
        guestToolsNeedUpgrade
        guestToolsCurrent
        guestToolsUnmanaged
        guestToolsTooOld 5.0
        guestToolsSupportedOld 5.0
        guestToolsSupportedNew 5.0
        guestToolsTooNew 5.0
        guestToolsBlacklisted 5.0

data VirtualMachineUsageOnDatastore : DynamicData 4.0
        datastore: Datastore
        committed: long
        uncommitted: long
        unshared: long

data VirtualMachineUsbInfo : VirtualMachineTargetInfo 2.5
        description: string
        vendor: int
        product: int
        physicalPath: string
        family: string[]?
        speed: string[]?
        summary: VirtualMachineSummary?

enum VirtualMachineUsbInfoFamily 2.5
        audio
        hid
        hid_bootable
        physical
        communication
        imaging
        printer
        storage
        hub
        smart_card
        security
        video
        wireless
        bluetooth
        wusb
        pda
        vendor_specific
        other
        unknownFamily

enum VirtualMachineUsbInfoSpeed 2.5
        low
        full
        high
        superSpeed 5.0
        superSpeedPlus 6.8.7
        unknownSpeed

data VirtualMachineVFlashModuleInfo : VirtualMachineTargetInfo 5.5
        vFlashModule: HostVFlashManagerVFlashCacheConfigInfoVFlashModuleConfigOption

data VirtualMachineVcpuConfig : DynamicData 7.0
        latencySensitivity: LatencySensitivity?

data VirtualMachineWindowsQuiesceSpec : VirtualMachineGuestQuiesceSpec 6.5
        vssBackupType: int?
        vssBootableSystemState: boolean?
        vssPartialFileSupport: boolean?
        vssBackupContext: string?

enum VirtualMachineWindowsQuiesceSpecVssBackupContext 6.5
        ctx_auto
        ctx_backup
        ctx_file_share_backup

data VirtualMachineWipeResult : DynamicData 5.1
        diskId: int
        shrinkableDiskSpace: long

# SPDX-License-Identifier: LGPL-2.1-or-later

data HostDiskMappingInfo : DynamicData 2.0
        physicalPartition: HostDiskMappingPartitionInfo?
        name: string
        exclusive: boolean?

data HostDiskMappingOption : DynamicData 2.0
        physicalPartition: HostDiskMappingPartitionOption[]?
        name: string

data HostDiskMappingPartitionInfo : DynamicData 2.0
        name: string
        fileSystem: string
        capacityInKb: long

data HostDiskMappingPartitionOption : DynamicData 2.0
        name: string
        fileSystem: string
        capacityInKb: long

data ParaVirtualSCSIController : VirtualSCSIController 2.5

data ParaVirtualSCSIControllerOption : VirtualSCSIControllerOption 2.5

data VirtualAHCIController : VirtualSATAController 5.5

data VirtualAHCIControllerOption : VirtualSATAControllerOption 5.5

data VirtualBusLogicController : VirtualSCSIController 2.0

data VirtualBusLogicControllerOption : VirtualSCSIControllerOption 2.0

data VirtualCdrom : VirtualDevice 2.0

data VirtualCdromAtapiBackingInfo : VirtualDeviceDeviceBackingInfo 2.0

data VirtualCdromAtapiBackingOption : VirtualDeviceDeviceBackingOption 2.0

data VirtualCdromIsoBackingInfo : VirtualDeviceFileBackingInfo 2.0

data VirtualCdromIsoBackingOption : VirtualDeviceFileBackingOption 2.0

data VirtualCdromOption : VirtualDeviceOption 2.0

data VirtualCdromPassthroughBackingInfo : VirtualDeviceDeviceBackingInfo 2.0
        exclusive: boolean

data VirtualCdromPassthroughBackingOption : VirtualDeviceDeviceBackingOption 2.0
        exclusive: BoolOption

data VirtualCdromRemoteAtapiBackingInfo : VirtualDeviceRemoteDeviceBackingInfo 2.0

data VirtualCdromRemoteAtapiBackingOption : VirtualDeviceDeviceBackingOption 2.0

data VirtualCdromRemotePassthroughBackingInfo : VirtualDeviceRemoteDeviceBackingInfo 2.0
        exclusive: boolean

data VirtualCdromRemotePassthroughBackingOption : VirtualDeviceRemoteDeviceBackingOption 2.0
        exclusive: BoolOption

data VirtualController : VirtualDevice 2.0
        busNumber: int
        device: int[]?

data VirtualControllerOption : VirtualDeviceOption 2.0
        devices: IntOption
        supportedDevice: TypeName[]?

data VirtualDevice : DynamicData 2.0
        key: int
        deviceInfo: Description?
        backing: VirtualDeviceBackingInfo?
        connectable: VirtualDeviceConnectInfo?
        slotInfo: VirtualDeviceBusSlotInfo? 5.1
        controllerKey: int?
        unitNumber: int?

data VirtualDeviceBackingInfo : DynamicData 2.0

data VirtualDeviceBackingOption : DynamicData 2.0
        type: TypeName

data VirtualDeviceBusSlotInfo : DynamicData 5.1

data VirtualDeviceBusSlotOption : DynamicData 5.1
        type: TypeName

data VirtualDeviceConfigSpec : DynamicData 2.0
        operation: VirtualDeviceConfigSpecOperation?
        fileOperation: VirtualDeviceConfigSpecFileOperation?
        device: VirtualDevice
        profile: VirtualMachineProfileSpec[]? 5.5
        backing: VirtualDeviceConfigSpecBackingSpec? 6.5

data VirtualDeviceConfigSpecBackingSpec : DynamicData 6.5
        parent: VirtualDeviceConfigSpecBackingSpec?
        crypto: CryptoSpec?

enum VirtualDeviceConfigSpecFileOperation 2.0
        create
        destroy
        replace

enum VirtualDeviceConfigSpecOperation 2.0
        add
        remove
        edit

data VirtualDeviceConnectInfo : DynamicData 2.0
        migrateConnect: string? 6.7
        startConnected: boolean
        allowGuestControl: boolean
        connected: boolean
        status: string? 4.0

enum VirtualDeviceConnectInfoMigrateConnectOp 6.7
        connect
        disconnect
        unset

enum VirtualDeviceConnectInfoStatus 4.0
        ok
        recoverableError
        unrecoverableError
        untried

data VirtualDeviceConnectOption : DynamicData 2.0
        startConnected: BoolOption
        allowGuestControl: BoolOption

data VirtualDeviceDeviceBackingInfo : VirtualDeviceBackingInfo 2.0
        deviceName: string
        useAutoDetect: boolean? 2.5

data VirtualDeviceDeviceBackingOption : VirtualDeviceBackingOption 2.0
        autoDetectAvailable: BoolOption 2.5

data VirtualDeviceFileBackingInfo : VirtualDeviceBackingInfo 2.0
        fileName: string
        datastore: Datastore?
        backingObjectId: string? 5.5

data VirtualDeviceFileBackingOption : VirtualDeviceBackingOption 2.0
        fileNameExtensions: ChoiceOption?

enum VirtualDeviceFileExtension 2.0
        iso
        flp
        vmdk
        dsk
        rdm

data VirtualDeviceOption : DynamicData 2.0
        type: TypeName
        connectOption: VirtualDeviceConnectOption?
        busSlotOption: VirtualDeviceBusSlotOption? 5.1
        controllerType: TypeName?
        autoAssignController: BoolOption?
        backingOption: VirtualDeviceBackingOption[]?
        defaultBackingOptionIndex: int?
        licensingLimit: PropertyPath[]?
        deprecated: boolean
        plugAndPlay: boolean
        hotRemoveSupported: boolean 2.5

data VirtualDevicePciBusSlotInfo : VirtualDeviceBusSlotInfo 5.1
        pciSlotNumber: int

data VirtualDevicePipeBackingInfo : VirtualDeviceBackingInfo 2.0
        pipeName: string

data VirtualDevicePipeBackingOption : VirtualDeviceBackingOption 2.0

data VirtualDeviceRemoteDeviceBackingInfo : VirtualDeviceBackingInfo 2.0
        deviceName: string
        useAutoDetect: boolean? 2.5

data VirtualDeviceRemoteDeviceBackingOption : VirtualDeviceBackingOption 2.0
        autoDetectAvailable: BoolOption 2.5

data VirtualDeviceURIBackingInfo : VirtualDeviceBackingInfo 4.1
        serviceURI: string
        direction: string
        proxyURI: string?

data VirtualDeviceURIBackingOption : VirtualDeviceBackingOption 4.1
        directions: ChoiceOption

enum VirtualDeviceURIBackingOptionDirection 4.1
        server
        client

data VirtualDisk : VirtualDevice 2.0
        capacityInKB: long
        capacityInBytes: long? 5.5
        shares: SharesInfo?
        storageIOAllocation: StorageIOAllocationInfo? 4.1
        diskObjectId: string? 5.5
        vFlashCacheConfigInfo: VirtualDiskVFlashCacheConfigInfo? 5.5
        iofilter: string[]? 6.0
        vDiskId: ID? 6.5
        nativeUnmanagedLinkedClone: boolean? 6.7

enum VirtualDiskCompatibilityMode 2.0
        virtualMode
        physicalMode

data VirtualDiskConfigSpec : VirtualDeviceConfigSpec 5.5
        diskMoveType: string? 6.0
        migrateCache: boolean?

enum VirtualDiskDeltaDiskFormat 5.0
        redoLogFormat
        nativeFormat
        seSparseFormat 5.1

enum VirtualDiskDeltaDiskFormatVariant 6.0
        vmfsSparseVariant
        vsanSparseVariant

data VirtualDiskDeltaDiskFormatsSupported : DynamicData 5.1
        datastoreType: TypeName
        deltaDiskFormat: ChoiceOption

data VirtualDiskFlatVer1BackingInfo : VirtualDeviceFileBackingInfo 2.0
        diskMode: string
        split: boolean?
        writeThrough: boolean?
        contentId: string? 4.0
        parent: VirtualDiskFlatVer1BackingInfo? 4.0

data VirtualDiskFlatVer1BackingOption : VirtualDeviceFileBackingOption 2.0
        diskMode: ChoiceOption
        split: BoolOption
        writeThrough: BoolOption
        growable: boolean

data VirtualDiskFlatVer2BackingInfo : VirtualDeviceFileBackingInfo 2.0
        diskMode: string
        split: boolean?
        writeThrough: boolean?
        thinProvisioned: boolean?
        eagerlyScrub: boolean? 4.0
        uuid: string? 2.5
        contentId: string? 4.0
        changeId: string? 4.0
        parent: VirtualDiskFlatVer2BackingInfo? 4.0
        deltaDiskFormat: string? 5.0
        digestEnabled: boolean? 5.0
        deltaGrainSize: int? 5.1
        deltaDiskFormatVariant: string? 6.0
        sharing: string? 6.0
        keyId: CryptoKeyId? 6.5

data VirtualDiskFlatVer2BackingOption : VirtualDeviceFileBackingOption 2.0
        diskMode: ChoiceOption
        split: BoolOption
        writeThrough: BoolOption
        growable: boolean
        hotGrowable: boolean 2.5
        uuid: boolean 2.5
        thinProvisioned: BoolOption 4.0
        eagerlyScrub: BoolOption 4.0
        deltaDiskFormat: ChoiceOption 5.0
        deltaDiskFormatsSupported: VirtualDiskDeltaDiskFormatsSupported[] 5.1

data VirtualDiskId : DynamicData 5.0
        vm: VirtualMachine
        diskId: int

data VirtualDiskLocalPMemBackingInfo : VirtualDeviceFileBackingInfo 6.7
        diskMode: string
        uuid: string?
        volumeUUID: string?
        contentId: string?

data VirtualDiskLocalPMemBackingOption : VirtualDeviceFileBackingOption 6.7
        diskMode: ChoiceOption
        growable: boolean
        hotGrowable: boolean
        uuid: boolean

enum VirtualDiskMode 2.0
        persistent
        nonpersistent
        undoable
        independent_persistent
        independent_nonpersistent
        append

data VirtualDiskOption : VirtualDeviceOption 2.0
        capacityInKB: LongOption
        ioAllocationOption: StorageIOAllocationOption 4.1
        vFlashCacheConfigOption: VirtualDiskOptionVFlashCacheConfigOption? 5.5

data VirtualDiskOptionVFlashCacheConfigOption : DynamicData 5.5
        cacheConsistencyType: ChoiceOption
        cacheMode: ChoiceOption
        reservationInMB: LongOption
        blockSizeInKB: LongOption

data VirtualDiskPartitionedRawDiskVer2BackingInfo : VirtualDiskRawDiskVer2BackingInfo 2.0
        partition: int[]

data VirtualDiskPartitionedRawDiskVer2BackingOption : VirtualDiskRawDiskVer2BackingOption 2.0

data VirtualDiskRawDiskMappingVer1BackingInfo : VirtualDeviceFileBackingInfo 2.0
        lunUuid: string?
        deviceName: string?
        compatibilityMode: string?
        diskMode: string?
        uuid: string? 2.5
        contentId: string? 4.0
        changeId: string? 4.0
        parent: VirtualDiskRawDiskMappingVer1BackingInfo? 4.0
        deltaDiskFormat: string? 6.7
        deltaGrainSize: int? 6.7
        sharing: string? 6.0

data VirtualDiskRawDiskMappingVer1BackingOption : VirtualDeviceDeviceBackingOption 2.0
        descriptorFileNameExtensions: ChoiceOption?
        compatibilityMode: ChoiceOption
        diskMode: ChoiceOption
        uuid: boolean 2.5

data VirtualDiskRawDiskVer2BackingInfo : VirtualDeviceDeviceBackingInfo 2.0
        descriptorFileName: string
        uuid: string? 2.5
        changeId: string? 4.0
        sharing: string? 6.0

data VirtualDiskRawDiskVer2BackingOption : VirtualDeviceDeviceBackingOption 2.0
        descriptorFileNameExtensions: ChoiceOption
        uuid: boolean 2.5

data VirtualDiskSeSparseBackingInfo : VirtualDeviceFileBackingInfo 5.1
        diskMode: string
        writeThrough: boolean?
        uuid: string?
        contentId: string?
        changeId: string?
        parent: VirtualDiskSeSparseBackingInfo?
        deltaDiskFormat: string?
        digestEnabled: boolean?
        grainSize: int?
        keyId: CryptoKeyId? 6.5

data VirtualDiskSeSparseBackingOption : VirtualDeviceFileBackingOption 5.1
        diskMode: ChoiceOption
        writeThrough: BoolOption
        growable: boolean
        hotGrowable: boolean
        uuid: boolean
        deltaDiskFormatsSupported: VirtualDiskDeltaDiskFormatsSupported[]

enum VirtualDiskSharing 6.0
        sharingNone
        sharingMultiWriter

data VirtualDiskSparseVer1BackingInfo : VirtualDeviceFileBackingInfo 2.0
        diskMode: string
        split: boolean?
        writeThrough: boolean?
        spaceUsedInKB: long?
        contentId: string? 4.0
        parent: VirtualDiskSparseVer1BackingInfo? 4.0

data VirtualDiskSparseVer1BackingOption : VirtualDeviceFileBackingOption 2.0
        diskModes: ChoiceOption
        split: BoolOption
        writeThrough: BoolOption
        growable: boolean

data VirtualDiskSparseVer2BackingInfo : VirtualDeviceFileBackingInfo 2.0
        diskMode: string
        split: boolean?
        writeThrough: boolean?
        spaceUsedInKB: long?
        uuid: string? 2.5
        contentId: string? 4.0
        changeId: string? 4.0
        parent: VirtualDiskSparseVer2BackingInfo? 4.0
        keyId: CryptoKeyId? 6.5

data VirtualDiskSparseVer2BackingOption : VirtualDeviceFileBackingOption 2.0
        diskMode: ChoiceOption
        split: BoolOption
        writeThrough: BoolOption
        growable: boolean
        hotGrowable: boolean 2.5
        uuid: boolean 2.5

data VirtualDiskVFlashCacheConfigInfo : DynamicData 5.5
        vFlashModule: string?
        reservationInMB: long?
        cacheConsistencyType: string?
        cacheMode: string?
        blockSizeInKB: long?

enum VirtualDiskVFlashCacheConfigInfoCacheConsistencyType 5.5
        strong
        weak

enum VirtualDiskVFlashCacheConfigInfoCacheMode 5.5
        write_thru
        write_back

data VirtualE1000 : VirtualEthernetCard 2.0

data VirtualE1000Option : VirtualEthernetCardOption 2.0

data VirtualE1000e : VirtualEthernetCard 5.0

data VirtualE1000eOption : VirtualEthernetCardOption 5.0

data VirtualEnsoniq1371 : VirtualSoundCard 2.0

data VirtualEnsoniq1371Option : VirtualSoundCardOption 2.0

data VirtualEthernetCard : VirtualDevice 2.0
        addressType: string?
        macAddress: string?
        wakeOnLanEnabled: boolean?
        resourceAllocation: VirtualEthernetCardResourceAllocation? 6.0
        externalId: string? 6.0
        uptCompatibilityEnabled: boolean? 6.0

data VirtualEthernetCardDVPortBackingOption : VirtualDeviceBackingOption 4.0

data VirtualEthernetCardDistributedVirtualPortBackingInfo : VirtualDeviceBackingInfo 4.0
        port: DistributedVirtualSwitchPortConnection

data VirtualEthernetCardLegacyNetworkBackingInfo : VirtualDeviceDeviceBackingInfo 2.0

data VirtualEthernetCardLegacyNetworkBackingOption : VirtualDeviceDeviceBackingOption 2.0

enum VirtualEthernetCardLegacyNetworkDeviceName 2.0
        bridged
        nat
        hostonly

enum VirtualEthernetCardMacType 2.0
        manual
        generated
        assigned

data VirtualEthernetCardNetworkBackingInfo : VirtualDeviceDeviceBackingInfo 2.0
        network: Network?
        inPassthroughMode: boolean? 2.5

data VirtualEthernetCardNetworkBackingOption : VirtualDeviceDeviceBackingOption 2.0

data VirtualEthernetCardOpaqueNetworkBackingInfo : VirtualDeviceBackingInfo 5.5
        opaqueNetworkId: string
        opaqueNetworkType: string

data VirtualEthernetCardOpaqueNetworkBackingOption : VirtualDeviceBackingOption 5.5

data VirtualEthernetCardOption : VirtualDeviceOption 2.0
        supportedOUI: ChoiceOption
        macType: ChoiceOption
        wakeOnLanEnabled: BoolOption
        vmDirectPathGen2Supported: boolean 4.1
        uptCompatibilityEnabled: BoolOption? 6.0

data VirtualEthernetCardResourceAllocation : DynamicData 6.0
        reservation: long?
        share: SharesInfo
        limit: long?

data VirtualFloppy : VirtualDevice 2.0

data VirtualFloppyDeviceBackingInfo : VirtualDeviceDeviceBackingInfo 2.0

data VirtualFloppyDeviceBackingOption : VirtualDeviceDeviceBackingOption 2.0

data VirtualFloppyImageBackingInfo : VirtualDeviceFileBackingInfo 2.0

data VirtualFloppyImageBackingOption : VirtualDeviceFileBackingOption 2.0

data VirtualFloppyOption : VirtualDeviceOption 2.0

data VirtualFloppyRemoteDeviceBackingInfo : VirtualDeviceRemoteDeviceBackingInfo 2.0

data VirtualFloppyRemoteDeviceBackingOption : VirtualDeviceRemoteDeviceBackingOption 2.0

data VirtualHdAudioCard : VirtualSoundCard 5.0

data VirtualHdAudioCardOption : VirtualSoundCardOption 5.0

data VirtualIDEController : VirtualController 2.0

data VirtualIDEControllerOption : VirtualControllerOption 2.0
        numIDEDisks: IntOption
        numIDECdroms: IntOption

data VirtualKeyboard : VirtualDevice 2.0

data VirtualKeyboardOption : VirtualDeviceOption 2.0

data VirtualLsiLogicController : VirtualSCSIController 2.0

data VirtualLsiLogicControllerOption : VirtualSCSIControllerOption 2.0

data VirtualLsiLogicSASController : VirtualSCSIController 2.5

data VirtualLsiLogicSASControllerOption : VirtualSCSIControllerOption 2.5

data VirtualMachineVMCIDevice : VirtualDevice 2.5
        id: long?
        allowUnrestrictedCommunication: boolean?
        filterEnable: boolean? 6.0
        filterInfo: VirtualMachineVMCIDeviceFilterInfo? 6.0

enum VirtualMachineVMCIDeviceAction 6.0
        allow
        deny

enum VirtualMachineVMCIDeviceDirection 6.0
        guest
        host
        anyDirection

data VirtualMachineVMCIDeviceFilterInfo : DynamicData 6.0
        filters: VirtualMachineVMCIDeviceFilterSpec[]?

data VirtualMachineVMCIDeviceFilterSpec : DynamicData 6.0
        rank: long
        action: string
        protocol: string
        direction: string
        lowerDstPortBoundary: long?
        upperDstPortBoundary: long?

data VirtualMachineVMCIDeviceOption : VirtualDeviceOption 2.5
        allowUnrestrictedCommunication: BoolOption
        filterSpecOption: VirtualMachineVMCIDeviceOptionFilterSpecOption? 6.0
        filterSupported: BoolOption? 6.0

data VirtualMachineVMCIDeviceOptionFilterSpecOption : DynamicData 6.0
        action: ChoiceOption
        protocol: ChoiceOption
        direction: ChoiceOption
        lowerDstPortBoundary: LongOption
        upperDstPortBoundary: LongOption

enum VirtualMachineVMCIDeviceProtocol 6.0
        hypervisor
        doorbell
        queuepair
        datagram
        stream
        anyProtocol

data VirtualMachineVMIROM : VirtualDevice 2.5

data VirtualMachineVideoCard : VirtualDevice 2.0
        videoRamSizeInKB: long?
        numDisplays: int? 2.5
        useAutoDetect: boolean? 2.5
        enable3DSupport: boolean? 2.5
        use3dRenderer: string? 5.1
        graphicsMemorySizeInKB: long? 6.0

enum VirtualMachineVideoCardUse3dRenderer 5.1
        automatic
        software
        hardware

data VirtualNVDIMM : VirtualDevice 6.7
        capacityInMB: long

data VirtualNVDIMMBackingInfo : VirtualDeviceFileBackingInfo 6.7
        parent: VirtualNVDIMMBackingInfo?
        changeId: string?

data VirtualNVDIMMController : VirtualController 6.7

data VirtualNVDIMMControllerOption : VirtualControllerOption 6.7
        numNVDIMMControllers: IntOption

data VirtualNVDIMMOption : VirtualDeviceOption 6.7
        capacityInMB: LongOption
        growable: boolean
        hotGrowable: boolean
        granularityInMB: long

data VirtualNVMEController : VirtualController 6.5

data VirtualNVMEControllerOption : VirtualControllerOption 6.5
        numNVMEDisks: IntOption

data VirtualPCIController : VirtualController 2.0

data VirtualPCIControllerOption : VirtualControllerOption 2.0
        numSCSIControllers: IntOption
        numEthernetCards: IntOption
        numVideoCards: IntOption
        numSoundCards: IntOption
        numVmiRoms: IntOption 2.5
        numVmciDevices: IntOption 2.5
        numPCIPassthroughDevices: IntOption 2.5
        numSasSCSIControllers: IntOption 2.5
        numVmxnet3EthernetCards: IntOption 2.5
        numParaVirtualSCSIControllers: IntOption 2.5
        numSATAControllers: IntOption 5.5
        numNVMEControllers: IntOption? 6.5
        numVmxnet3VrdmaEthernetCards: IntOption? 6.7

data VirtualPCIPassthrough : VirtualDevice 4.0

data VirtualPCIPassthroughAllowedDevice : DynamicData 7.0
        vendorId: int
        deviceId: int
        subVendorId: int?
        subDeviceId: int?
        revisionId: short?

data VirtualPCIPassthroughDeviceBackingInfo : VirtualDeviceDeviceBackingInfo 4.0
        id: string
        deviceId: string
        systemId: string
        vendorId: short

data VirtualPCIPassthroughDeviceBackingOption : VirtualDeviceDeviceBackingOption 4.0

data VirtualPCIPassthroughDynamicBackingInfo : VirtualDeviceDeviceBackingInfo 7.0
        allowedDevice: VirtualPCIPassthroughAllowedDevice[]?
        customLabel: string?
        assignedId: string?

data VirtualPCIPassthroughDynamicBackingOption : VirtualDeviceDeviceBackingOption 7.0

data VirtualPCIPassthroughOption : VirtualDeviceOption 4.0

data VirtualPCIPassthroughPluginBackingInfo : VirtualDeviceBackingInfo 6.0

data VirtualPCIPassthroughPluginBackingOption : VirtualDeviceBackingOption 6.0

data VirtualPCIPassthroughVmiopBackingInfo : VirtualPCIPassthroughPluginBackingInfo 6.0
        vgpu: string?

data VirtualPCIPassthroughVmiopBackingOption : VirtualPCIPassthroughPluginBackingOption 6.0
        vgpu: StringOption
        maxInstances: int

data VirtualPCNet32 : VirtualEthernetCard 2.0

data VirtualPCNet32Option : VirtualEthernetCardOption 2.0
        supportsMorphing: boolean

data VirtualPS2Controller : VirtualController 2.0

data VirtualPS2ControllerOption : VirtualControllerOption 2.0
        numKeyboards: IntOption
        numPointingDevices: IntOption

data VirtualParallelPort : VirtualDevice 2.0

data VirtualParallelPortDeviceBackingInfo : VirtualDeviceDeviceBackingInfo 2.0

data VirtualParallelPortDeviceBackingOption : VirtualDeviceDeviceBackingOption 2.0

data VirtualParallelPortFileBackingInfo : VirtualDeviceFileBackingInfo 2.0

data VirtualParallelPortFileBackingOption : VirtualDeviceFileBackingOption 2.0

data VirtualParallelPortOption : VirtualDeviceOption 2.0

data VirtualPointingDevice : VirtualDevice 2.0

data VirtualPointingDeviceBackingOption : VirtualDeviceDeviceBackingOption 2.0
        hostPointingDevice: ChoiceOption

data VirtualPointingDeviceDeviceBackingInfo : VirtualDeviceDeviceBackingInfo 2.0
        hostPointingDevice: string

enum VirtualPointingDeviceHostChoice 2.0
        autodetect
        intellimouseExplorer
        intellimousePs2
        logitechMouseman
        microsoft_serial
        mouseSystems
        mousemanSerial
        ps2

data VirtualPointingDeviceOption : VirtualDeviceOption 2.0

data VirtualPrecisionClock : VirtualDevice 7.0

data VirtualPrecisionClockOption : VirtualDeviceOption 7.0

data VirtualPrecisionClockSystemClockBackingInfo : VirtualDeviceBackingInfo 7.0
        protocol: string?

data VirtualPrecisionClockSystemClockBackingOption : VirtualDeviceBackingOption 7.0
        protocol: ChoiceOption

data VirtualSATAController : VirtualController 5.5

data VirtualSATAControllerOption : VirtualControllerOption 5.5
        numSATADisks: IntOption
        numSATACdroms: IntOption

data VirtualSCSIController : VirtualController 2.0
        hotAddRemove: boolean?
        sharedBus: VirtualSCSISharing
        scsiCtlrUnitNumber: int?

data VirtualSCSIControllerOption : VirtualControllerOption 2.0
        numSCSIDisks: IntOption
        numSCSICdroms: IntOption
        numSCSIPassthrough: IntOption
        sharing: VirtualSCSISharing[]
        defaultSharedIndex: int
        hotAddRemove: BoolOption
        scsiCtlrUnitNumber: int

data VirtualSCSIPassthrough : VirtualDevice 2.0

data VirtualSCSIPassthroughDeviceBackingInfo : VirtualDeviceDeviceBackingInfo 2.0

data VirtualSCSIPassthroughDeviceBackingOption : VirtualDeviceDeviceBackingOption 2.0

data VirtualSCSIPassthroughOption : VirtualDeviceOption 2.0

enum VirtualSCSISharing 2.0
        noSharing
        virtualSharing
        physicalSharing

data VirtualSIOController : VirtualController 2.0

data VirtualSIOControllerOption : VirtualControllerOption 2.0
        numFloppyDrives: IntOption
        numSerialPorts: IntOption
        numParallelPorts: IntOption

data VirtualSerialPort : VirtualDevice 2.0
        yieldOnPoll: boolean

data VirtualSerialPortDeviceBackingInfo : VirtualDeviceDeviceBackingInfo 2.0

data VirtualSerialPortDeviceBackingOption : VirtualDeviceDeviceBackingOption 2.0

enum VirtualSerialPortEndPoint 2.0
        client
        server

data VirtualSerialPortFileBackingInfo : VirtualDeviceFileBackingInfo 2.0

data VirtualSerialPortFileBackingOption : VirtualDeviceFileBackingOption 2.0

data VirtualSerialPortOption : VirtualDeviceOption 2.0
        yieldOnPoll: BoolOption

data VirtualSerialPortPipeBackingInfo : VirtualDevicePipeBackingInfo 2.0
        endpoint: string
        noRxLoss: boolean?

data VirtualSerialPortPipeBackingOption : VirtualDevicePipeBackingOption 2.0
        endpoint: ChoiceOption
        noRxLoss: BoolOption

data VirtualSerialPortThinPrintBackingInfo : VirtualDeviceBackingInfo 5.1

data VirtualSerialPortThinPrintBackingOption : VirtualDeviceBackingOption 5.1

data VirtualSerialPortURIBackingInfo : VirtualDeviceURIBackingInfo 4.1

data VirtualSerialPortURIBackingOption : VirtualDeviceURIBackingOption 4.1

data VirtualSoundBlaster16 : VirtualSoundCard 2.0

data VirtualSoundBlaster16Option : VirtualSoundCardOption 2.0

data VirtualSoundCard : VirtualDevice 2.0

data VirtualSoundCardDeviceBackingInfo : VirtualDeviceDeviceBackingInfo 2.0

data VirtualSoundCardDeviceBackingOption : VirtualDeviceDeviceBackingOption 2.0

data VirtualSoundCardOption : VirtualDeviceOption 2.0

data VirtualSriovEthernetCard : VirtualEthernetCard 5.5
        allowGuestOSMtuChange: boolean?
        sriovBacking: VirtualSriovEthernetCardSriovBackingInfo?

data VirtualSriovEthernetCardOption : VirtualEthernetCardOption 5.5

data VirtualSriovEthernetCardSriovBackingInfo : VirtualDeviceBackingInfo 5.5
        physicalFunctionBacking: VirtualPCIPassthroughDeviceBackingInfo?
        virtualFunctionBacking: VirtualPCIPassthroughDeviceBackingInfo?
        virtualFunctionIndex: int?

data VirtualSriovEthernetCardSriovBackingOption : VirtualDeviceBackingOption 5.5

data VirtualTPM : VirtualDevice 6.7
        endorsementKeyCertificateSigningRequest: base64Binary[]?
        endorsementKeyCertificate: base64Binary[]?

data VirtualTPMOption : VirtualDeviceOption 6.7
        supportedFirmware: string[]?

data VirtualUSB : VirtualDevice 2.0
        connected: boolean 2.5
        vendor: int? 4.1
        product: int? 4.1
        family: string[]? 4.1
        speed: string[]? 4.1

data VirtualUSBController : VirtualController 2.0
        autoConnectDevices: boolean?
        ehciEnabled: boolean? 2.5

data VirtualUSBControllerOption : VirtualControllerOption 2.0
        autoConnectDevices: BoolOption
        ehciSupported: BoolOption 2.5
        supportedSpeeds: string[] 5.0

data VirtualUSBControllerPciBusSlotInfo : VirtualDevicePciBusSlotInfo 5.1
        ehciPciSlotNumber: int?

data VirtualUSBOption : VirtualDeviceOption 2.0

data VirtualUSBRemoteClientBackingInfo : VirtualDeviceRemoteDeviceBackingInfo 5.0
        hostname: string

data VirtualUSBRemoteClientBackingOption : VirtualDeviceRemoteDeviceBackingOption 5.0

data VirtualUSBRemoteHostBackingInfo : VirtualDeviceDeviceBackingInfo 4.1
        hostname: string

data VirtualUSBRemoteHostBackingOption : VirtualDeviceDeviceBackingOption 4.1

data VirtualUSBUSBBackingInfo : VirtualDeviceDeviceBackingInfo 2.5

data VirtualUSBUSBBackingOption : VirtualDeviceDeviceBackingOption 2.5

data VirtualUSBXHCIController : VirtualController 5.0
        autoConnectDevices: boolean?

data VirtualUSBXHCIControllerOption : VirtualControllerOption 5.0
        autoConnectDevices: BoolOption
        supportedSpeeds: string[]

data VirtualVMIROMOption : VirtualDeviceOption 2.5

data VirtualVideoCardOption : VirtualDeviceOption 2.0
        videoRamSizeInKB: LongOption?
        numDisplays: IntOption? 2.5
        useAutoDetect: BoolOption? 2.5
        support3D: BoolOption? 2.5
        use3dRendererSupported: BoolOption? 5.1
        graphicsMemorySizeInKB: LongOption? 6.0
        graphicsMemorySizeSupported: BoolOption? 6.0

data VirtualVmxnet : VirtualEthernetCard 2.0

data VirtualVmxnet2 : VirtualVmxnet 2.5

data VirtualVmxnet2Option : VirtualVmxnetOption 2.5

data VirtualVmxnet3 : VirtualVmxnet 2.5

data VirtualVmxnet3Option : VirtualVmxnetOption 2.5

data VirtualVmxnet3Vrdma : VirtualVmxnet3 6.5
        deviceProtocol: string? 6.7

data VirtualVmxnet3VrdmaOption : VirtualVmxnet3Option 6.5
        deviceProtocol: ChoiceOption? 6.7

enum VirtualVmxnet3VrdmaOptionDeviceProtocols 6.7
        rocev1
        rocev2

data VirtualVmxnetOption : VirtualEthernetCardOption 2.0

data VirtualWDT : VirtualDevice 7.0
        runOnBoot: boolean
        running: boolean

data VirtualWDTOption : VirtualDeviceOption 7.0
        runOnBoot: BoolOption

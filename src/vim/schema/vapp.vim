# SPDX-License-Identifier: LGPL-2.1-or-later

data IpPool : DynamicData 4.0
        id: int?
        name: string?
        ipv4Config: IpPoolIpPoolConfigInfo?
        ipv6Config: IpPoolIpPoolConfigInfo?
        dnsDomain: string?
        dnsSearchPath: string?
        hostPrefix: string?
        httpProxy: string?
        networkAssociation: IpPoolAssociation[]?
        availableIpv4Addresses: int? 5.1
        availableIpv6Addresses: int? 5.1
        allocatedIpv4Addresses: int? 5.1
        allocatedIpv6Addresses: int? 5.1

data IpPoolAssociation : DynamicData 4.0
        network: Network?
        networkName: string

data IpPoolIpPoolConfigInfo : DynamicData 4.0
        subnetAddress: string?
        netmask: string?
        gateway: string?
        range: string?
        dns: string[]?
        dhcpServerAvailable: boolean?
        ipPoolEnabled: boolean?

enum VAppAutoStartAction 4.0
        none
        powerOn
        powerOff
        guestShutdown
        suspend

data VAppCloneSpec : DynamicData 4.0
        location: Datastore
        host: HostSystem?
        resourceSpec: ResourceConfigSpec?
        vmFolder: Folder?
        networkMapping: VAppCloneSpecNetworkMappingPair[]?
        property: KeyValue[]?
        resourceMapping: VAppCloneSpecResourceMap[]? 4.1
        provisioning: string? 4.1

data VAppCloneSpecNetworkMappingPair : DynamicData 4.0
        source: Network
        destination: Network

enum VAppCloneSpecProvisioningType 4.1
        sameAsSource
        thin
        thick

data VAppCloneSpecResourceMap : DynamicData 4.1
        source: ManagedEntity
        parent: ResourcePool?
        resourceSpec: ResourceConfigSpec?
        location: Datastore?

data VAppConfigInfo : VmConfigInfo 4.0
        entityConfig: VAppEntityConfigInfo[]?
        annotation: string
        instanceUuid: string? 4.1
        managedBy: ManagedByInfo? 5.0

data VAppConfigSpec : VmConfigSpec 4.0
        entityConfig: VAppEntityConfigInfo[]?
        annotation: string?
        instanceUuid: string? 4.1
        managedBy: ManagedByInfo? 5.0

data VAppEntityConfigInfo : DynamicData 4.0
        key: ManagedEntity?
        tag: string?
        startOrder: int?
        startDelay: int?
        waitingForGuest: boolean?
        startAction: string?
        stopDelay: int?
        stopAction: string?
        destroyWithParent: boolean? 4.1

data VAppIPAssignmentInfo : DynamicData 4.0
        supportedAllocationScheme: string[]?
        ipAllocationPolicy: string?
        supportedIpProtocol: string[]?
        ipProtocol: string?

enum VAppIPAssignmentInfoAllocationSchemes 4.0
        dhcp
        ovfenv

enum VAppIPAssignmentInfoIpAllocationPolicy 4.0
        dhcpPolicy
        transientPolicy
        fixedPolicy
        fixedAllocatedPolicy 5.1

enum VAppIPAssignmentInfoProtocols 4.0
        IPv4
        IPv6

data VAppOvfSectionInfo : DynamicData 4.0
        key: int?
        namespace: string?
        type: string?
        atEnvelopeLevel: boolean?
        contents: string?

data VAppOvfSectionSpec : ArrayUpdateSpec 4.0
        info: VAppOvfSectionInfo?

data VAppProductInfo : DynamicData 4.0
        key: int
        classId: string?
        instanceId: string?
        name: string?
        vendor: string?
        version: string?
        fullVersion: string?
        vendorUrl: string?
        productUrl: string?
        appUrl: string?

data VAppProductSpec : ArrayUpdateSpec 4.0
        info: VAppProductInfo?

data VAppPropertyInfo : DynamicData 4.0
        key: int
        classId: string?
        instanceId: string?
        id: string?
        category: string?
        label: string?
        type: string?
        typeReference: string? 5.1
        userConfigurable: boolean?
        defaultValue: string?
        value: string?
        description: string?

data VAppPropertySpec : ArrayUpdateSpec 4.0
        info: VAppPropertyInfo?

data VirtualAppImportSpec : ImportSpec 4.0
        name: string
        vAppConfigSpec: VAppConfigSpec
        resourcePoolSpec: ResourceConfigSpec
        child: ImportSpec[]?

data VmConfigInfo : DynamicData 4.0
        product: VAppProductInfo[]?
        property: VAppPropertyInfo[]?
        ipAssignment: VAppIPAssignmentInfo
        eula: string[]?
        ovfSection: VAppOvfSectionInfo[]?
        ovfEnvironmentTransport: string[]?
        installBootRequired: boolean
        installBootStopDelay: int

data VmConfigSpec : DynamicData 4.0
        product: VAppProductSpec[]?
        property: VAppPropertySpec[]?
        ipAssignment: VAppIPAssignmentInfo?
        eula: string[]?
        ovfSection: VAppOvfSectionSpec[]?
        ovfEnvironmentTransport: string[]?
        installBootRequired: boolean?
        installBootStopDelay: int?

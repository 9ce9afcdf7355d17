# SPDX-License-Identifier: LGPL-2.1-or-later

data DVPortConfigInfo : DynamicData 4.0
        name: string?
        scope: ManagedEntity[]?
        description: string?
        setting: DVPortSetting?
        configVersion: string

data DVPortConfigSpec : DynamicData 4.0
        operation: string
        key: string?
        name: string?
        scope: ManagedEntity[]?
        description: string?
        setting: DVPortSetting?
        configVersion: string?

data DVPortSetting : DynamicData 4.0
        blocked: BoolPolicy?
        vmDirectPathGen2Allowed: BoolPolicy? 4.1
        inShapingPolicy: DVSTrafficShapingPolicy?
        outShapingPolicy: DVSTrafficShapingPolicy?
        vendorSpecificConfig: DVSVendorSpecificConfig?
        networkResourcePoolKey: StringPolicy? 5.0
        filterPolicy: DvsFilterPolicy? 5.5

data DVPortState : DynamicData 4.0
        runtimeInfo: DVPortStatus?
        stats: DistributedVirtualSwitchPortStatistics
        vendorSpecificState: DistributedVirtualSwitchKeyedOpaqueBlob[]?

data DVPortStatus : DynamicData 4.0
        linkUp: boolean
        blocked: boolean
        vlanIds: NumericRange[]?
        trunkingMode: boolean?
        mtu: int?
        linkPeer: string?
        macAddress: string?
        statusDetail: string? 4.1
        vmDirectPathGen2Active: boolean? 4.1
        vmDirectPathGen2InactiveReasonNetwork: string[]? 4.1
        vmDirectPathGen2InactiveReasonOther: string[]? 4.1
        vmDirectPathGen2InactiveReasonExtended: string? 4.1

enum DVPortStatusVmDirectPathGen2InactiveReasonNetwork 4.1
        portNptIncompatibleDvs
        portNptNoCompatibleNics
        portNptNoVirtualFunctionsAvailable
        portNptDisabledForPort

enum DVPortStatusVmDirectPathGen2InactiveReasonOther 4.1
        portNptIncompatibleHost
        portNptIncompatibleConnectee

data DVPortgroupConfigInfo : DynamicData 4.0
        key: string
        name: string
        numPorts: int
        distributedVirtualSwitch: DistributedVirtualSwitch?
        defaultPortConfig: DVPortSetting?
        description: string?
        type: string
        backingType: string? 7.0
        policy: DVPortgroupPolicy
        portNameFormat: string?
        scope: ManagedEntity[]?
        vendorSpecificConfig: DistributedVirtualSwitchKeyedOpaqueBlob[]?
        configVersion: string?
        autoExpand: boolean? 5.0
        vmVnicNetworkResourcePoolKey: string? 6.0
        uplink: boolean? 6.5
        transportZoneUuid: string? 7.0
        transportZoneName: string? 7.0
        logicalSwitchUuid: string? 7.0
        segmentId: string? 7.0

data DVPortgroupConfigSpec : DynamicData 4.0
        configVersion: string?
        name: string?
        numPorts: int?
        portNameFormat: string?
        defaultPortConfig: DVPortSetting?
        description: string?
        type: string?
        backingType: string? 7.0
        scope: ManagedEntity[]?
        policy: DVPortgroupPolicy?
        vendorSpecificConfig: DistributedVirtualSwitchKeyedOpaqueBlob[]?
        autoExpand: boolean? 5.0
        vmVnicNetworkResourcePoolKey: string? 6.0
        transportZoneUuid: string? 7.0
        transportZoneName: string? 7.0
        logicalSwitchUuid: string? 7.0
        segmentId: string? 7.0

data DVPortgroupPolicy : DynamicData 4.0
        blockOverrideAllowed: boolean
        shapingOverrideAllowed: boolean
        vendorConfigOverrideAllowed: boolean
        livePortMovingAllowed: boolean
        portConfigResetAtDisconnect: boolean
        networkResourcePoolOverrideAllowed: boolean? 5.0
        trafficFilterOverrideAllowed: boolean? 5.5

data DVPortgroupSelection : SelectionSet 5.0
        dvsUuid: string
        portgroupKey: string[]

data DVSFailureCriteria : InheritablePolicy 4.0
        checkSpeed: StringPolicy?
        speed: IntPolicy?
        checkDuplex: BoolPolicy?
        fullDuplex: BoolPolicy?
        checkErrorPercent: BoolPolicy?
        percentage: IntPolicy?
        checkBeacon: BoolPolicy?

data DVSHostLocalPortInfo : DynamicData 5.1
        switchUuid: string
        portKey: string
        setting: DVPortSetting
        vnic: string

data DVSMacLearningPolicy : InheritablePolicy 6.7
        enabled: boolean
        allowUnicastFlooding: boolean?
        limit: int?
        limitPolicy: string?

enum DVSMacLimitPolicyType 6.7
        allow
        drop

data DVSMacManagementPolicy : InheritablePolicy 6.7
        allowPromiscuous: boolean?
        macChanges: boolean?
        forgedTransmits: boolean?
        macLearningPolicy: DVSMacLearningPolicy?

data DVSManagerDvsConfigTarget : DynamicData 4.0
        distributedVirtualPortgroup: DistributedVirtualPortgroupInfo[]?
        distributedVirtualSwitch: DistributedVirtualSwitchInfo[]?

data DVSNetworkResourcePool : DynamicData 4.1
        key: string
        name: string?
        description: string?
        configVersion: string
        allocationInfo: DVSNetworkResourcePoolAllocationInfo

data DVSNetworkResourcePoolAllocationInfo : DynamicData 4.1
        limit: long?
        shares: SharesInfo?
        priorityTag: int? 5.0

data DVSNetworkResourcePoolConfigSpec : DynamicData 4.1
        key: string
        configVersion: string?
        allocationInfo: DVSNetworkResourcePoolAllocationInfo?
        name: string? 5.0
        description: string? 5.0

data DVSSecurityPolicy : InheritablePolicy 4.0
        allowPromiscuous: BoolPolicy?
        macChanges: BoolPolicy?
        forgedTransmits: BoolPolicy?

data DVSSelection : SelectionSet 5.0
        dvsUuid: string

data DVSTrafficShapingPolicy : InheritablePolicy 4.0
        enabled: BoolPolicy?
        averageBandwidth: LongPolicy?
        peakBandwidth: LongPolicy?
        burstSize: LongPolicy?

data DVSVendorSpecificConfig : InheritablePolicy 4.0
        keyValue: DistributedVirtualSwitchKeyedOpaqueBlob[]?

data DVSVmVnicNetworkResourcePool : DynamicData 6.0
        key: string
        name: string?
        description: string?
        configVersion: string
        allocationInfo: DvsVmVnicResourceAllocation?

data DistributedVirtualPort : DynamicData 4.0
        key: string
        config: DVPortConfigInfo
        dvsUuid: string
        portgroupKey: string?
        proxyHost: HostSystem?
        connectee: DistributedVirtualSwitchPortConnectee?
        conflict: boolean
        conflictPortKey: string?
        state: DVPortState?
        connectionCookie: int?
        lastStatusChange: dateTime
        hostLocalPort: boolean? 5.1
        externalId: string? 7.0
        segmentPortId: string? 7.0

managed DistributedVirtualPortgroup : Network 4.0
        key: string
        config: DVPortgroupConfigInfo
        portKeys: string[]?
        ReconfigureDVPortgroup_Task(spec: DVPortgroupConfigSpec): Task
                throws DvsFault ConcurrentAccess DuplicateName InvalidName
        DVPortgroupRollback_Task(entityBackup: EntityBackupConfig?): Task? 5.1
                throws DvsFault RollbackFailure

enum DistributedVirtualPortgroupBackingType 7.0
        standard
        nsx

data DistributedVirtualPortgroupInfo : DynamicData 4.0
        switchName: string
        switchUuid: string
        portgroupName: string
        portgroupKey: string
        portgroupType: string
        uplinkPortgroup: boolean
        portgroup: DistributedVirtualPortgroup
        networkReservationSupported: boolean? 6.0
        backingType: string? 7.0
        logicalSwitchUuid: string? 7.0
        segmentId: string? 7.0

enum DistributedVirtualPortgroupMetaTagName 4.0
        dvsName
        portgroupName
        portIndex

data DistributedVirtualPortgroupNsxPortgroupOperationResult : DynamicData 7.0
        portgroups: DistributedVirtualPortgroup[]?
        problems: DistributedVirtualPortgroupProblem[]?

enum DistributedVirtualPortgroupPortgroupType 4.0
        earlyBinding
        lateBinding
        ephemeral

data DistributedVirtualPortgroupProblem : DynamicData 7.0
        logicalSwitchUuid: string
        fault: LocalizedMethodFault

data DistributedVirtualSwitchHostMember : DynamicData 4.0
        runtimeState: DistributedVirtualSwitchHostMemberRuntimeState? 5.0
        config: DistributedVirtualSwitchHostMemberConfigInfo
        productInfo: DistributedVirtualSwitchProductSpec?
        uplinkPortKey: string[]?
        status: string
        statusDetail: string? 4.1

data DistributedVirtualSwitchHostMemberBacking : DynamicData 4.0

data DistributedVirtualSwitchHostMemberConfigInfo : DynamicData 4.0
        host: HostSystem?
        maxProxySwitchPorts: int
        vendorSpecificConfig: DistributedVirtualSwitchKeyedOpaqueBlob[]?
        backing: DistributedVirtualSwitchHostMemberBacking
        nsxSwitch: boolean? 7.0
        ensEnabled: boolean? 7.0
        ensInterruptEnabled: boolean? 7.0
        transportZones: DistributedVirtualSwitchHostMemberTransportZoneInfo[]? 7.0
        nsxtUsedUplinkNames: string[]? 7.0

data DistributedVirtualSwitchHostMemberConfigSpec : DynamicData 4.0
        operation: string
        host: HostSystem
        backing: DistributedVirtualSwitchHostMemberBacking?
        maxProxySwitchPorts: int?
        vendorSpecificConfig: DistributedVirtualSwitchKeyedOpaqueBlob[]?

enum DistributedVirtualSwitchHostMemberHostComponentState 4.0
        up
        pending
        outOfSync
        warning
        disconnected
        down

data DistributedVirtualSwitchHostMemberPnicBacking : DistributedVirtualSwitchHostMemberBacking 4.0
        pnicSpec: DistributedVirtualSwitchHostMemberPnicSpec[]?

data DistributedVirtualSwitchHostMemberPnicSpec : DynamicData 4.0
        pnicDevice: string
        uplinkPortKey: string?
        uplinkPortgroupKey: string?
        connectionCookie: int?

data DistributedVirtualSwitchHostMemberRuntimeState : DynamicData 5.0
        currentMaxProxySwitchPorts: int

data DistributedVirtualSwitchHostMemberTransportZoneInfo : DynamicData 7.0
        uuid: string
        type: string

enum DistributedVirtualSwitchHostMemberTransportZoneType 7.0
        vlan
        overlay

data DistributedVirtualSwitchHostProductSpec : DynamicData 4.0
        productLineId: string?
        version: string?

data DistributedVirtualSwitchInfo : DynamicData 4.0
        switchName: string
        switchUuid: string
        distributedVirtualSwitch: DistributedVirtualSwitch
        networkReservationSupported: boolean? 6.0

data DistributedVirtualSwitchKeyedOpaqueBlob : DynamicData 4.0
        key: string
        opaqueData: string

managed DistributedVirtualSwitchManager : ManagedObject 4.0
        QueryAvailableDvsSpec(recommended: boolean? 6.0): DistributedVirtualSwitchProductSpec[]?
                needs System.View
        QueryCompatibleHostForNewDvs(container: ManagedEntity, recursive: boolean, switchProductSpec: DistributedVirtualSwitchProductSpec?): HostSystem[]?
                needs System.View
        QueryCompatibleHostForExistingDvs(container: ManagedEntity, recursive: boolean, dvs: DistributedVirtualSwitch): HostSystem[]?
                needs System.View
        QueryDvsCompatibleHostSpec(switchProductSpec: DistributedVirtualSwitchProductSpec?): DistributedVirtualSwitchHostProductSpec[]?
                needs System.View
        QueryDvsFeatureCapability(switchProductSpec: DistributedVirtualSwitchProductSpec?): DVSFeatureCapability? 4.1
                needs System.View
        QueryDvsByUuid(uuid: string): DistributedVirtualSwitch?
                needs System.View
                throws NotFound
        QueryDvsConfigTarget(host: HostSystem?, dvs: DistributedVirtualSwitch?): DVSManagerDvsConfigTarget
                needs System.View
        QueryDvsCheckCompatibility(hostContainer: DistributedVirtualSwitchManagerHostContainer, dvsProductSpec: DistributedVirtualSwitchManagerDvsProductSpec?, hostFilterSpec: DistributedVirtualSwitchManagerHostDvsFilterSpec[]?): DistributedVirtualSwitchManagerCompatibilityResult[]? 4.1
                needs System.View
        RectifyDvsOnHost_Task(hosts: HostSystem[]): Task 5.0
                needs System.Read
                throws DvsFault
        DVSManagerExportEntity_Task(selectionSet: SelectionSet[]): Task? 5.1
                throws NotFound BackupBlobWriteFailure
        DVSManagerImportEntity_Task(entityBackup: EntityBackupConfig[], importType: string): Task 5.1
                throws DvsFault NotFound
        DVSManagerLookupDvPortGroup(switchUuid: string, portgroupKey: string): DistributedVirtualPortgroup? 5.1
                needs System.View
                throws NotFound

data DistributedVirtualSwitchManagerCompatibilityResult : DynamicData 4.1
        host: HostSystem
        error: LocalizedMethodFault[]?

data DistributedVirtualSwitchManagerDvsProductSpec : DynamicData 4.1
        newSwitchProductSpec: DistributedVirtualSwitchProductSpec?
        distributedVirtualSwitch: DistributedVirtualSwitch?

data DistributedVirtualSwitchManagerHostArrayFilter : DistributedVirtualSwitchManagerHostDvsFilterSpec 4.1
        host: HostSystem[]

data DistributedVirtualSwitchManagerHostContainer : DynamicData 4.1
        container: ManagedEntity
        recursive: boolean

data DistributedVirtualSwitchManagerHostContainerFilter : DistributedVirtualSwitchManagerHostDvsFilterSpec 4.1
        hostContainer: DistributedVirtualSwitchManagerHostContainer

data DistributedVirtualSwitchManagerHostDvsFilterSpec : DynamicData 4.1
        inclusive: boolean

data DistributedVirtualSwitchManagerHostDvsMembershipFilter : DistributedVirtualSwitchManagerHostDvsFilterSpec 4.1
        distributedVirtualSwitch: DistributedVirtualSwitch

data DistributedVirtualSwitchManagerImportResult : DynamicData 5.1
        distributedVirtualSwitch: DistributedVirtualSwitch[]?
        distributedVirtualPortgroup: DistributedVirtualPortgroup[]?
        importFault: ImportOperationBulkFaultFaultOnImport[]?

data DistributedVirtualSwitchPortConnectee : DynamicData 4.0
        connectedEntity: ManagedEntity?
        nicKey: string?
        type: string?
        addressHint: string?

enum DistributedVirtualSwitchPortConnecteeConnecteeType 4.0
        pnic
        vmVnic
        hostConsoleVnic
        hostVmkVnic

data DistributedVirtualSwitchPortConnection : DynamicData 4.0
        switchUuid: string
        portgroupKey: string?
        portKey: string?
        connectionCookie: int?

data DistributedVirtualSwitchPortCriteria : DynamicData 4.0
        connected: boolean?
        active: boolean?
        uplinkPort: boolean?
        nsxPort: boolean? 7.0
        scope: ManagedEntity?
        portgroupKey: string[]?
        inside: boolean?
        portKey: string[]?
        host: HostSystem[]? 6.5

data DistributedVirtualSwitchPortStatistics : DynamicData 4.0
        packetsInMulticast: long
        packetsOutMulticast: long
        bytesInMulticast: long
        bytesOutMulticast: long
        packetsInUnicast: long
        packetsOutUnicast: long
        bytesInUnicast: long
        bytesOutUnicast: long
        packetsInBroadcast: long
        packetsOutBroadcast: long
        bytesInBroadcast: long
        bytesOutBroadcast: long
        packetsInDropped: long
        packetsOutDropped: long
        packetsInException: long
        packetsOutException: long
        bytesInFromPnic: long? 6.5
        bytesOutToPnic: long? 6.5

data DistributedVirtualSwitchProductSpec : DynamicData 4.0
        name: string?
        vendor: string?
        version: string?
        build: string?
        forwardingClass: string?
        bundleId: string?
        bundleUrl: string?

data DvsAcceptNetworkRuleAction : DvsNetworkRuleAction 5.5

data DvsCopyNetworkRuleAction : DvsNetworkRuleAction 5.5

data DvsDropNetworkRuleAction : DvsNetworkRuleAction 5.5

data DvsFilterConfig : InheritablePolicy 5.5
        key: string?
        agentName: string?
        slotNumber: string?
        parameters: DvsFilterParameter?
        onFailure: string?

data DvsFilterConfigSpec : DvsFilterConfig 5.5
        operation: string

enum DvsFilterOnFailure 5.5
        failOpen
        failClosed

data DvsFilterParameter : DynamicData 5.5
        parameters: string[]?

data DvsFilterPolicy : InheritablePolicy 5.5
        filterConfig: DvsFilterConfig[]?

data DvsGreEncapNetworkRuleAction : DvsNetworkRuleAction 5.5
        encapsulationIp: SingleIp

data DvsIpNetworkRuleQualifier : DvsNetworkRuleQualifier 5.5
        sourceAddress: IpAddress?
        destinationAddress: IpAddress?
        protocol: IntExpression?
        sourceIpPort: DvsIpPort?
        destinationIpPort: DvsIpPort?
        tcpFlags: IntExpression?

data DvsIpPort : NegatableExpression 5.5

data DvsIpPortRange : DvsIpPort 5.5
        startPortNumber: int
        endPortNumber: int

data DvsLogNetworkRuleAction : DvsNetworkRuleAction 5.5

data DvsMacNetworkRuleQualifier : DvsNetworkRuleQualifier 5.5
        sourceAddress: MacAddress?
        destinationAddress: MacAddress?
        protocol: IntExpression?
        vlanId: IntExpression?

data DvsMacRewriteNetworkRuleAction : DvsNetworkRuleAction 5.5
        rewriteMac: string

data DvsNetworkRuleAction : DynamicData 5.5

enum DvsNetworkRuleDirectionType 5.5
        incomingPackets
        outgoingPackets
        both

data DvsNetworkRuleQualifier : DynamicData 5.5
        key: string?

data DvsPuntNetworkRuleAction : DvsNetworkRuleAction 5.5

data DvsRateLimitNetworkRuleAction : DvsNetworkRuleAction 5.5
        packetsPerSecond: int

data DvsSingleIpPort : DvsIpPort 5.5
        portNumber: int

data DvsSystemTrafficNetworkRuleQualifier : DvsNetworkRuleQualifier 5.5
        typeOfSystemTraffic: StringExpression?

data DvsTrafficFilterConfig : DvsFilterConfig 5.5
        trafficRuleset: DvsTrafficRuleset?

data DvsTrafficFilterConfigSpec : DvsTrafficFilterConfig 5.5
        operation: string

data DvsTrafficRule : DynamicData 5.5
        key: string?
        description: string?
        sequence: int?
        qualifier: DvsNetworkRuleQualifier[]?
        action: DvsNetworkRuleAction?
        direction: string?

data DvsTrafficRuleset : DynamicData 5.5
        key: string?
        enabled: boolean?
        precedence: int?
        rules: DvsTrafficRule[]?

data DvsUpdateTagNetworkRuleAction : DvsNetworkRuleAction 5.5
        qosTag: int?
        dscpTag: int?

data DvsVmVnicNetworkResourcePoolRuntimeInfo : DynamicData 6.0
        key: string
        name: string?
        capacity: int?
        usage: int?
        available: int?
        status: string
        allocatedResource: DvsVnicAllocatedResource[]?

data DvsVmVnicResourceAllocation : DynamicData 6.0
        reservationQuota: long?

data DvsVmVnicResourcePoolConfigSpec : DynamicData 6.0
        operation: string
        key: string?
        configVersion: string?
        allocationInfo: DvsVmVnicResourceAllocation?
        name: string?
        description: string?

data DvsVnicAllocatedResource : DynamicData 6.0
        vm: VirtualMachine
        vnicKey: string
        reservation: long?

data EntityBackup : DynamicData 5.1

data EntityBackupConfig : DynamicData 5.1
        entityType: string
        configBlob: base64Binary
        key: string?
        name: string?
        container: ManagedEntity?
        configVersion: string?

enum EntityImportType 5.1
        createEntityWithNewIdentifier
        createEntityWithOriginalIdentifier
        applyToEntitySpecified

enum EntityType 5.1
        distributedVirtualSwitch
        distributedVirtualPortgroup

enum HostDistributedVirtualSwitchManagerFetchPortOption 5.0
        runtimeInfoOnly
        statsOnly
        stateBlobOnly

enum HostDistributedVirtualSwitchManagerNetworkResourcePoolKey 4.1
        faultTolerance
        hbr
        iSCSI
        management
        nfs
        virtualMachine
        vmotion
        vsan
        vdp 6.0

data HostMemberHealthCheckResult : DynamicData 5.1
        summary: string?

data HostMemberRuntimeInfo : DynamicData 5.1
        host: HostSystem
        status: string?
        statusDetail: string?
        nsxtStatus: string? 7.0
        nsxtStatusDetail: string? 7.0
        healthCheckResult: HostMemberHealthCheckResult[]?

data HostMemberUplinkHealthCheckResult : HostMemberHealthCheckResult 5.1
        uplinkPortKey: string

data VMwareDVSConfigInfo : DVSConfigInfo 4.0
        vspanSession: VMwareVspanSession[]? 5.0
        pvlanConfig: VMwareDVSPvlanMapEntry[]?
        maxMtu: int
        linkDiscoveryProtocolConfig: LinkDiscoveryProtocolConfig?
        ipfixConfig: VMwareIpfixConfig? 5.0
        lacpGroupConfig: VMwareDvsLacpGroupConfig[]? 5.5
        lacpApiVersion: string? 5.5
        multicastFilteringMode: string? 6.0

data VMwareDVSConfigSpec : DVSConfigSpec 4.0
        pvlanConfigSpec: VMwareDVSPvlanConfigSpec[]?
        vspanConfigSpec: VMwareDVSVspanConfigSpec[]? 5.0
        maxMtu: int?
        linkDiscoveryProtocolConfig: LinkDiscoveryProtocolConfig?
        ipfixConfig: VMwareIpfixConfig? 5.0
        lacpApiVersion: string? 5.5
        multicastFilteringMode: string? 6.0

data VMwareDVSFeatureCapability : DVSFeatureCapability 4.1
        vspanSupported: boolean? 5.0
        lldpSupported: boolean? 5.0
        ipfixSupported: boolean? 5.0
        ipfixCapability: VMwareDvsIpfixCapability? 6.0
        multicastSnoopingSupported: boolean? 6.0
        vspanCapability: VMwareDVSVspanCapability? 5.1
        lacpCapability: VMwareDvsLacpCapability? 5.1
        nsxSupported: boolean? 7.0

data VMwareDVSHealthCheckCapability : DVSHealthCheckCapability 5.1
        vlanMtuSupported: boolean
        teamingSupported: boolean

data VMwareDVSHealthCheckConfig : DVSHealthCheckConfig 5.1

data VMwareDVSMtuHealthCheckResult : HostMemberUplinkHealthCheckResult 5.1
        mtuMismatch: boolean
        vlanSupportSwitchMtu: NumericRange[]?
        vlanNotSupportSwitchMtu: NumericRange[]?

data VMwareDVSPortSetting : DVPortSetting 4.0
        vlan: VmwareDistributedVirtualSwitchVlanSpec?
        qosTag: IntPolicy?
        uplinkTeamingPolicy: VmwareUplinkPortTeamingPolicy?
        securityPolicy: DVSSecurityPolicy?
        ipfixEnabled: BoolPolicy? 5.0
        txUplink: BoolPolicy?
        lacpPolicy: VMwareUplinkLacpPolicy? 5.1
        macManagementPolicy: DVSMacManagementPolicy? 6.7
        VNI: IntPolicy? 7.0

data VMwareDVSPortgroupPolicy : DVPortgroupPolicy 4.0
        vlanOverrideAllowed: boolean
        uplinkTeamingOverrideAllowed: boolean
        securityPolicyOverrideAllowed: boolean
        ipfixOverrideAllowed: boolean? 5.0
        macManagementOverrideAllowed: boolean? 6.7.1

data VMwareDVSPvlanConfigSpec : DynamicData 4.0
        pvlanEntry: VMwareDVSPvlanMapEntry
        operation: string

data VMwareDVSPvlanMapEntry : DynamicData 4.0
        primaryVlanId: int
        secondaryVlanId: int
        pvlanType: string

data VMwareDVSTeamingHealthCheckConfig : VMwareDVSHealthCheckConfig 5.1

data VMwareDVSTeamingHealthCheckResult : HostMemberHealthCheckResult 5.1
        teamingStatus: string

enum VMwareDVSTeamingMatchStatus 5.1
        iphashMatch
        nonIphashMatch
        iphashMismatch
        nonIphashMismatch

data VMwareDVSVlanHealthCheckResult : HostMemberUplinkHealthCheckResult 5.1
        trunkedVlan: NumericRange[]?
        untrunkedVlan: NumericRange[]?

data VMwareDVSVlanMtuHealthCheckConfig : VMwareDVSHealthCheckConfig 5.1

data VMwareDVSVspanCapability : DynamicData 5.1
        mixedDestSupported: boolean
        dvportSupported: boolean
        remoteSourceSupported: boolean
        remoteDestSupported: boolean
        encapRemoteSourceSupported: boolean
        erspanProtocolSupported: boolean? 6.5
        mirrorNetstackSupported: boolean? 6.7

data VMwareDVSVspanConfigSpec : DynamicData 5.0
        vspanSession: VMwareVspanSession
        operation: string

enum VMwareDVSVspanSessionEncapType 6.5
        gre
        erspan2
        erspan3

enum VMwareDVSVspanSessionType 5.1
        mixedDestMirror
        dvPortMirror
        remoteMirrorSource
        remoteMirrorDest
        encapsulatedRemoteMirrorSource

data VMwareDvsIpfixCapability : DynamicData 6.0
        ipfixSupported: boolean?
        ipv6ForIpfixSupported: boolean?
        observationDomainIdSupported: boolean?

enum VMwareDvsLacpApiVersion 5.5
        singleLag
        multipleLag

data VMwareDvsLacpCapability : DynamicData 5.1
        lacpSupported: boolean?
        multiLacpGroupSupported: boolean? 5.5

data VMwareDvsLacpGroupConfig : DynamicData 5.5
        key: string?
        name: string?
        mode: string?
        uplinkNum: int?
        loadbalanceAlgorithm: string?
        vlan: VMwareDvsLagVlanConfig?
        ipfix: VMwareDvsLagIpfixConfig?
        uplinkName: string[]?
        uplinkPortKey: string[]?

data VMwareDvsLacpGroupSpec : DynamicData 5.5
        lacpGroupConfig: VMwareDvsLacpGroupConfig
        operation: string

enum VMwareDvsLacpLoadBalanceAlgorithm 5.5
        srcMac
        destMac
        srcDestMac
        destIpVlan
        srcIpVlan
        srcDestIpVlan
        destTcpUdpPort
        srcTcpUdpPort
        srcDestTcpUdpPort
        destIpTcpUdpPort
        srcIpTcpUdpPort
        srcDestIpTcpUdpPort
        destIpTcpUdpPortVlan
        srcIpTcpUdpPortVlan
        srcDestIpTcpUdpPortVlan
        destIp
        srcIp
        srcDestIp
        vlan
        srcPortId

data VMwareDvsLagIpfixConfig : DynamicData 5.5
        ipfixEnabled: boolean?

data VMwareDvsLagVlanConfig : DynamicData 5.5
        vlanId: NumericRange[]?

enum VMwareDvsMulticastFilteringMode 6.0
        legacyFiltering
        snooping

data VMwareIpfixConfig : DynamicData 5.0
        collectorIpAddress: string?
        collectorPort: int?
        observationDomainId: long? 6.0
        activeFlowTimeout: int
        idleFlowTimeout: int
        samplingRate: int
        internalFlowsOnly: boolean

enum VMwareUplinkLacpMode 5.1
        active
        passive

data VMwareUplinkLacpPolicy : InheritablePolicy 5.1
        enable: BoolPolicy?
        mode: StringPolicy?

data VMwareUplinkPortOrderPolicy : InheritablePolicy 4.0
        activeUplinkPort: string[]?
        standbyUplinkPort: string[]?

data VMwareVspanPort : DynamicData 5.0
        portKey: string[]?
        uplinkPortName: string[]?
        wildcardPortConnecteeType: string[]?
        vlans: int[]? 5.1
        ipAddress: string[]? 5.1

data VMwareVspanSession : DynamicData 5.0
        key: string?
        name: string?
        description: string?
        enabled: boolean
        sourcePortTransmitted: VMwareVspanPort?
        sourcePortReceived: VMwareVspanPort?
        destinationPort: VMwareVspanPort?
        encapsulationVlanId: int?
        stripOriginalVlan: boolean
        mirroredPacketLength: int?
        normalTrafficAllowed: boolean
        sessionType: string? 5.1
        samplingRate: int? 5.1
        encapType: string? 6.5
        erspanId: int? 6.5
        erspanCOS: int? 6.5
        erspanGraNanosec: boolean? 6.5
        netstack: string? 6.7

managed VmwareDistributedVirtualSwitch : DistributedVirtualSwitch 4.0
        UpdateDVSLacpGroupConfig_Task(lacpGroupSpec: VMwareDvsLacpGroupSpec[]): Task 5.5
                needs DVSwitch.Modify
                throws DvsFault

enum VmwareDistributedVirtualSwitchPvlanPortType 4.0
        promiscuous
        isolated
        community

data VmwareDistributedVirtualSwitchPvlanSpec : VmwareDistributedVirtualSwitchVlanSpec 4.0
        pvlanId: int

data VmwareDistributedVirtualSwitchTrunkVlanSpec : VmwareDistributedVirtualSwitchVlanSpec 4.0
        vlanId: NumericRange[]?

data VmwareDistributedVirtualSwitchVlanIdSpec : VmwareDistributedVirtualSwitchVlanSpec 4.0
        vlanId: int

data VmwareDistributedVirtualSwitchVlanSpec : InheritablePolicy 4.0

data VmwareUplinkPortTeamingPolicy : InheritablePolicy 4.0
        policy: StringPolicy?
        reversePolicy: BoolPolicy?
        notifySwitches: BoolPolicy?
        rollingOrder: BoolPolicy?
        failureCriteria: DVSFailureCriteria?
        uplinkPortOrder: VMwareUplinkPortOrderPolicy?

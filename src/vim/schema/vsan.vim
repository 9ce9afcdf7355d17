# SPDX-License-Identifier: LGPL-2.1-or-later

data VsanClusterConfigInfo : DynamicData 5.5
        enabled: boolean?
        defaultConfig: VsanClusterConfigInfoHostDefaultInfo?

data VsanClusterConfigInfoHostDefaultInfo : DynamicData 5.5
        uuid: string?
        autoClaimStorage: boolean?
        checksumEnabled: boolean? 6.0

enum VsanDiskIssueType 5.5
        nonExist
        stampMismatch
        unknown

data VsanHostClusterStatus : DynamicData 5.5
        uuid: string?
        nodeUuid: string?
        health: string
        nodeState: VsanHostClusterStatusState
        memberUuid: string[]?

data VsanHostClusterStatusState : DynamicData 5.5
        state: string
        completion: VsanHostClusterStatusStateCompletionEstimate?

data VsanHostClusterStatusStateCompletionEstimate : DynamicData 5.5
        completeTime: dateTime?
        percentComplete: int?

data VsanHostConfigInfo : DynamicData 5.5
        enabled: boolean?
        hostSystem: HostSystem?
        clusterInfo: VsanHostConfigInfoClusterInfo?
        storageInfo: VsanHostConfigInfoStorageInfo?
        networkInfo: VsanHostConfigInfoNetworkInfo?
        faultDomainInfo: VsanHostFaultDomainInfo? 6.0

data VsanHostConfigInfoClusterInfo : DynamicData 5.5
        uuid: string?
        nodeUuid: string?

data VsanHostConfigInfoNetworkInfo : DynamicData 5.5
        port: VsanHostConfigInfoNetworkInfoPortConfig[]?

data VsanHostConfigInfoNetworkInfoPortConfig : DynamicData 5.5
        ipConfig: VsanHostIpConfig?
        device: string

data VsanHostConfigInfoStorageInfo : DynamicData 5.5
        autoClaimStorage: boolean?
        diskMapping: VsanHostDiskMapping[]?
        diskMapInfo: VsanHostDiskMapInfo[]? 6.0
        checksumEnabled: boolean? 6.0

data VsanHostDecommissionMode : DynamicData 5.5
        objectAction: string

enum VsanHostDecommissionModeObjectAction 5.5
        noAction
        ensureObjectAccessibility
        evacuateAllData

data VsanHostDiskMapInfo : DynamicData 6.0
        mapping: VsanHostDiskMapping
        mounted: boolean

data VsanHostDiskMapResult : DynamicData 5.5
        mapping: VsanHostDiskMapping
        diskResult: VsanHostDiskResult[]?
        error: LocalizedMethodFault?

data VsanHostDiskMapping : DynamicData 5.5
        ssd: HostScsiDisk
        nonSsd: HostScsiDisk[]

data VsanHostDiskResult : DynamicData 5.5
        disk: HostScsiDisk
        state: string
        vsanUuid: string?
        error: LocalizedMethodFault?
        degraded: boolean? 6.0

enum VsanHostDiskResultState 5.5
        inUse
        eligible
        ineligible

data VsanHostFaultDomainInfo : DynamicData 6.0
        name: string

enum VsanHostHealthState 5.5
        unknown
        healthy
        unhealthy

data VsanHostIpConfig : DynamicData 5.5
        upstreamIpAddress: string
        downstreamIpAddress: string

data VsanHostMembershipInfo : DynamicData 5.5
        nodeUuid: string
        hostname: string

enum VsanHostNodeState 5.5
        error
        disabled
        agent
        master
        backup
        starting
        stopping
        enteringMaintenanceMode
        exitingMaintenanceMode
        decommissioning

data VsanHostRuntimeInfo : DynamicData 5.5
        membershipList: VsanHostMembershipInfo[]?
        diskIssues: VsanHostRuntimeInfoDiskIssue[]?
        accessGenNo: int?

data VsanHostRuntimeInfoDiskIssue : DynamicData 5.5
        diskId: string
        issue: string

data VsanHostVsanDiskInfo : DynamicData 6.0
        vsanUuid: string
        formatVersion: int

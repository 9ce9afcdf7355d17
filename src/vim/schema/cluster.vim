# SPDX-License-Identifier: LGPL-2.1-or-later

enum ActionType 2.5
        MigrationV1
        VmPowerV1
        HostPowerV1
        IncreaseLimitV1
        IncreaseSizeV1
        IncreaseSharesV1
        IncreaseReservationV1
        DecreaseOthersReservationV1
        IncreaseClusterCapacityV1
        DecreaseMigrationThresholdV1
        HostMaintenanceV1 5.0
        StorageMigrationV1 5.0
        StoragePlacementV1 5.0
        PlacementV1 6.0
        HostInfraUpdateHaV1 6.5

data ClusterAction : DynamicData 2.5
        type: string
        target: ManagedObject?

data ClusterActionHistory : DynamicData 2.5
        action: ClusterAction
        time: dateTime

data ClusterAffinityRuleSpec : ClusterRuleInfo 2.0
        vm: VirtualMachine[]

data ClusterAntiAffinityRuleSpec : ClusterRuleInfo 2.0
        vm: VirtualMachine[]

data ClusterAttemptedVmInfo : DynamicData 2.5
        vm: VirtualMachine
        task: Task?

data ClusterConfigInfo : DynamicData 2.0
        dasConfig: ClusterDasConfigInfo
        dasVmConfig: ClusterDasVmConfigInfo[]?
        drsConfig: ClusterDrsConfigInfo
        drsVmConfig: ClusterDrsVmConfigInfo[]?
        rule: ClusterRuleInfo[]?

data ClusterConfigInfoEx : ComputeResourceConfigInfo 2.5
        dasConfig: ClusterDasConfigInfo
        dasVmConfig: ClusterDasVmConfigInfo[]?
        drsConfig: ClusterDrsConfigInfo
        drsVmConfig: ClusterDrsVmConfigInfo[]?
        rule: ClusterRuleInfo[]?
        orchestration: ClusterOrchestrationInfo? 6.5
        vmOrchestration: ClusterVmOrchestrationInfo[]? 6.5
        dpmConfigInfo: ClusterDpmConfigInfo?
        dpmHostConfig: ClusterDpmHostConfigInfo[]?
        vsanConfigInfo: VsanClusterConfigInfo? 5.5
        vsanHostConfig: VsanHostConfigInfo[]? 5.5
        group: ClusterGroupInfo[]? 4.1
        infraUpdateHaConfig: ClusterInfraUpdateHaConfigInfo? 6.5
        proactiveDrsConfig: ClusterProactiveDrsConfigInfo? 6.5
        cryptoConfig: ClusterCryptoConfigInfo? 7.0

data ClusterConfigSpec : DynamicData 2.0
        dasConfig: ClusterDasConfigInfo?
        dasVmConfigSpec: ClusterDasVmConfigSpec[]?
        drsConfig: ClusterDrsConfigInfo?
        drsVmConfigSpec: ClusterDrsVmConfigSpec[]?
        rulesSpec: ClusterRuleSpec[]?

data ClusterConfigSpecEx : ComputeResourceConfigSpec 2.5
        dasConfig: ClusterDasConfigInfo?
        dasVmConfigSpec: ClusterDasVmConfigSpec[]?
        drsConfig: ClusterDrsConfigInfo?
        drsVmConfigSpec: ClusterDrsVmConfigSpec[]?
        rulesSpec: ClusterRuleSpec[]?
        orchestration: ClusterOrchestrationInfo? 6.5
        vmOrchestrationSpec: ClusterVmOrchestrationSpec[]? 6.5
        dpmConfig: ClusterDpmConfigInfo?
        dpmHostConfigSpec: ClusterDpmHostConfigSpec[]?
        vsanConfig: VsanClusterConfigInfo? 5.5
        vsanHostConfigSpec: VsanHostConfigInfo[]? 5.5
        groupSpec: ClusterGroupSpec[]? 4.1
        infraUpdateHaConfig: ClusterInfraUpdateHaConfigInfo? 6.5
        proactiveDrsConfig: ClusterProactiveDrsConfigInfo? 6.5
        inHciWorkflow: boolean? 6.7.1
        cryptoConfig: ClusterCryptoConfigInfo? 7.0

data ClusterCryptoConfigInfo : DynamicData 7.0
        cryptoMode: string?

enum ClusterCryptoConfigInfoCryptoMode 7.0
        onDemand
        forceEnable

data ClusterDasAamHostInfo : ClusterDasHostInfo 4.0
        hostDasState: ClusterDasAamNodeState[]?
        primaryHosts: string[]?

data ClusterDasAamNodeState : DynamicData 4.0
        host: HostSystem
        name: string
        configState: string
        runtimeState: string

enum ClusterDasAamNodeStateDasState 4.0
        uninitialized
        initialized
        configuring
        unconfiguring
        running
        error
        agentShutdown
        nodeFailed

data ClusterDasAdmissionControlInfo : DynamicData 4.0

data ClusterDasAdmissionControlPolicy : DynamicData 4.0
        resourceReductionToToleratePercent: int? 6.5

data ClusterDasAdvancedRuntimeInfo : DynamicData 4.0
        dasHostInfo: ClusterDasHostInfo?
        vmcpSupported: ClusterDasAdvancedRuntimeInfoVmcpCapabilityInfo? 6.0
        heartbeatDatastoreInfo: DasHeartbeatDatastoreInfo[]? 5.0

data ClusterDasAdvancedRuntimeInfoVmcpCapabilityInfo : DynamicData 6.0
        storageAPDSupported: boolean
        storagePDLSupported: boolean

data ClusterDasConfigInfo : DynamicData 2.0
        enabled: boolean?
        vmMonitoring: string? 4.0
        hostMonitoring: string? 4.0
        vmComponentProtecting: string? 6.0
        failoverLevel: int?
        admissionControlPolicy: ClusterDasAdmissionControlPolicy? 4.0
        admissionControlEnabled: boolean?
        defaultVmSettings: ClusterDasVmSettings? 2.5
        option: OptionValue[]?
        heartbeatDatastore: Datastore[]? 5.0
        hBDatastoreCandidatePolicy: string? 5.0

enum ClusterDasConfigInfoHBDatastoreCandidate 5.0
        userSelectedDs
        allFeasibleDs
        allFeasibleDsWithUserPreference

enum ClusterDasConfigInfoServiceState 4.0
        disabled
        enabled

enum ClusterDasConfigInfoVmMonitoringState 4.1
        vmMonitoringDisabled
        vmMonitoringOnly
        vmAndAppMonitoring

data ClusterDasData : DynamicData 5.0

data ClusterDasDataSummary : ClusterDasData 5.0
        hostListVersion: long
        clusterConfigVersion: long
        compatListVersion: long

data ClusterDasFailoverLevelAdvancedRuntimeInfo : ClusterDasAdvancedRuntimeInfo 4.0
        slotInfo: ClusterDasFailoverLevelAdvancedRuntimeInfoSlotInfo
        totalSlots: int
        usedSlots: int
        unreservedSlots: int
        totalVms: int
        totalHosts: int
        totalGoodHosts: int
        hostSlots: ClusterDasFailoverLevelAdvancedRuntimeInfoHostSlots[]?
        vmsRequiringMultipleSlots: ClusterDasFailoverLevelAdvancedRuntimeInfoVmSlots[]? 5.1

data ClusterDasFailoverLevelAdvancedRuntimeInfoHostSlots : DynamicData 4.0
        host: HostSystem
        slots: int

data ClusterDasFailoverLevelAdvancedRuntimeInfoSlotInfo : DynamicData 4.0
        numVcpus: int
        cpuMHz: int
        memoryMB: int

data ClusterDasFailoverLevelAdvancedRuntimeInfoVmSlots : DynamicData 5.1
        vm: VirtualMachine
        slots: int

enum ClusterDasFdmAvailabilityState 5.0
        uninitialized
        election
        master
        connectedToMaster
        networkPartitionedFromMaster
        networkIsolated
        hostDown
        initializationError
        uninitializationError
        fdmUnreachable

data ClusterDasFdmHostState : DynamicData 5.0
        state: string
        stateReporter: HostSystem?

data ClusterDasHostInfo : DynamicData 4.0

data ClusterDasHostRecommendation : DynamicData 4.0
        host: HostSystem
        drsRating: int?

data ClusterDasVmConfigInfo : DynamicData 2.0
        key: VirtualMachine
        restartPriority: DasVmPriority?
        powerOffOnIsolation: boolean?
        dasSettings: ClusterDasVmSettings? 2.5

data ClusterDasVmConfigSpec : ArrayUpdateSpec 2.0
        info: ClusterDasVmConfigInfo?

data ClusterDasVmSettings : DynamicData 2.5
        restartPriority: string?
        restartPriorityTimeout: int? 6.5
        isolationResponse: string?
        vmToolsMonitoringSettings: ClusterVmToolsMonitoringSettings? 4.0
        vmComponentProtectionSettings: ClusterVmComponentProtectionSettings? 6.0

enum ClusterDasVmSettingsIsolationResponse 2.5
        none
        powerOff
        shutdown
        clusterIsolationResponse

enum ClusterDasVmSettingsRestartPriority 2.5
        disabled
        lowest 6.5
        low
        medium
        high
        highest 6.5
        clusterRestartPriority

data ClusterDependencyRuleInfo : ClusterRuleInfo 6.5
        vmGroup: string
        dependsOnVmGroup: string

data ClusterDpmConfigInfo : DynamicData 2.5
        enabled: boolean?
        defaultDpmBehavior: DpmBehavior?
        hostPowerActionRate: int? 4.0
        option: OptionValue[]?

data ClusterDpmHostConfigInfo : DynamicData 2.5
        key: HostSystem
        enabled: boolean?
        behavior: DpmBehavior?

data ClusterDpmHostConfigSpec : ArrayUpdateSpec 2.5
        info: ClusterDpmHostConfigInfo?

data ClusterDrsConfigInfo : DynamicData 2.0
        enabled: boolean?
        enableVmBehaviorOverrides: boolean? 4.0
        defaultVmBehavior: DrsBehavior?
        vmotionRate: int?
        scaleDescendantsShares: string? 7.0
        option: OptionValue[]?

data ClusterDrsFaults : DynamicData 4.0
        reason: string
        faultsByVm: ClusterDrsFaultsFaultsByVm[]

data ClusterDrsFaultsFaultsByVirtualDisk : ClusterDrsFaultsFaultsByVm 5.0
        disk: VirtualDiskId?

data ClusterDrsFaultsFaultsByVm : DynamicData 4.0
        vm: VirtualMachine?
        fault: LocalizedMethodFault[]

data ClusterDrsMigration : DynamicData 2.0
        key: string
        time: dateTime
        vm: VirtualMachine
        cpuLoad: int?
        memoryLoad: long?
        source: HostSystem
        sourceCpuLoad: int?
        sourceMemoryLoad: long?
        destination: HostSystem
        destinationCpuLoad: int?
        destinationMemoryLoad: long?

data ClusterDrsRecommendation : DynamicData 2.0
        key: string
        rating: int
        reason: string
        reasonText: string
        migrationList: ClusterDrsMigration[]

data ClusterDrsVmConfigInfo : DynamicData 2.0
        key: VirtualMachine
        enabled: boolean?
        behavior: DrsBehavior?

data ClusterDrsVmConfigSpec : ArrayUpdateSpec 2.0
        info: ClusterDrsVmConfigInfo?

managed ClusterEVCManager : ExtensibleManagedObject 6.0
        managedCluster: ClusterComputeResource
        evcState: ClusterEVCManagerEVCState
        ConfigureEvcMode_Task(evcModeKey: string): Task
                needs Host.Inventory.EditCluster
                throws EVCConfigFault
        DisableEvcMode_Task(): Task
                needs Host.Inventory.EditCluster
        CheckConfigureEvcMode_Task(evcModeKey: string): Task?
                needs System.View
        CheckAddHostEvc_Task(cnxSpec: HostConnectSpec): Task?
                needs System.View
                throws InvalidLogin HostConnectFault

data ClusterEVCManagerCheckResult : DynamicData 6.0
        evcModeKey: string
        error: LocalizedMethodFault
        host: HostSystem[]?

data ClusterEVCManagerEVCState : DynamicData 6.0
        supportedEVCMode: EVCMode[]
        currentEVCModeKey: string?
        guaranteedCPUFeatures: HostCpuIdInfo[]?
        featureCapability: HostFeatureCapability[]?
        featureMask: HostFeatureMask[]?
        featureRequirement: VirtualMachineFeatureRequirement[]?

data ClusterEnterMaintenanceResult : DynamicData 5.0
        recommendations: ClusterRecommendation[]?
        fault: ClusterDrsFaults?

data ClusterFailoverHostAdmissionControlInfo : ClusterDasAdmissionControlInfo 4.0
        hostStatus: ClusterFailoverHostAdmissionControlInfoHostStatus[]?

data ClusterFailoverHostAdmissionControlInfoHostStatus : DynamicData 4.0
        host: HostSystem
        status: ManagedEntityStatus

data ClusterFailoverHostAdmissionControlPolicy : ClusterDasAdmissionControlPolicy 4.0
        failoverHosts: HostSystem[]?
        failoverLevel: int? 6.5

data ClusterFailoverLevelAdmissionControlInfo : ClusterDasAdmissionControlInfo 4.0
        currentFailoverLevel: int

data ClusterFailoverLevelAdmissionControlPolicy : ClusterDasAdmissionControlPolicy 4.0
        failoverLevel: int
        slotPolicy: ClusterSlotPolicy? 5.1

data ClusterFailoverResourcesAdmissionControlInfo : ClusterDasAdmissionControlInfo 4.0
        currentCpuFailoverResourcesPercent: int
        currentMemoryFailoverResourcesPercent: int

data ClusterFailoverResourcesAdmissionControlPolicy : ClusterDasAdmissionControlPolicy 4.0
        cpuFailoverResourcesPercent: int
        memoryFailoverResourcesPercent: int
        failoverLevel: int? 6.5
        autoComputePercentages: boolean? 6.5

data ClusterFixedSizeSlotPolicy : ClusterSlotPolicy 5.1
        cpu: int
        memory: int

data ClusterGroupInfo : DynamicData 4.1
        name: string
        userCreated: boolean? 5.0
        uniqueID: string? 6.0

data ClusterGroupSpec : ArrayUpdateSpec 4.1
        info: ClusterGroupInfo?

data ClusterHostGroup : ClusterGroupInfo 4.1
        host: HostSystem[]?

data ClusterHostInfraUpdateHaModeAction : ClusterAction 6.5
        operationType: string

enum ClusterHostInfraUpdateHaModeActionOperationType 6.5
        enterQuarantine
        exitQuarantine
        enterMaintenance

data ClusterHostPowerAction : ClusterAction 2.5
        operationType: HostPowerOperationType
        powerConsumptionWatt: int?
        cpuCapacityMHz: int?
        memCapacityMB: int?

data ClusterHostRecommendation : DynamicData 2.0
        host: HostSystem
        rating: int

data ClusterInfraUpdateHaConfigInfo : DynamicData 6.5
        enabled: boolean?
        behavior: string?
        moderateRemediation: string?
        severeRemediation: string?
        providers: string[]?

enum ClusterInfraUpdateHaConfigInfoBehaviorType 6.5
        Manual
        Automated

enum ClusterInfraUpdateHaConfigInfoRemediationType 6.5
        QuarantineMode
        MaintenanceMode

data ClusterInitialPlacementAction : ClusterAction 2.5
        targetHost: HostSystem
        pool: ResourcePool?

data ClusterMigrationAction : ClusterAction 2.5
        drsMigration: ClusterDrsMigration?

data ClusterNotAttemptedVmInfo : DynamicData 2.5
        vm: VirtualMachine
        fault: LocalizedMethodFault

data ClusterOrchestrationInfo : DynamicData 6.5
        defaultVmReadiness: ClusterVmReadiness?

enum ClusterPowerOnVmOption 4.1
        OverrideAutomationLevel
        ReserveResources

data ClusterPowerOnVmResult : DynamicData 2.5
        attempted: ClusterAttemptedVmInfo[]?
        notAttempted: ClusterNotAttemptedVmInfo[]?
        recommendations: ClusterRecommendation[]?

data ClusterProactiveDrsConfigInfo : DynamicData 6.5
        enabled: boolean?

data ClusterRecommendation : DynamicData 2.5
        key: string
        type: string
        time: dateTime
        rating: int
        reason: string
        reasonText: string
        warningText: string? 6.0
        warningDetails: LocalizableMessage? 6.0
        prerequisite: string[]?
        action: ClusterAction[]?
        target: ManagedObject?

data ClusterResourceUsageSummary : DynamicData 6.0
        cpuUsedMHz: int
        cpuCapacityMHz: int
        memUsedMB: int
        memCapacityMB: int
        pMemAvailableMB: long? 6.7
        pMemCapacityMB: long? 6.7
        storageUsedMB: long
        storageCapacityMB: long

data ClusterRuleInfo : DynamicData 2.0
        key: int?
        status: ManagedEntityStatus?
        enabled: boolean?
        name: string?
        mandatory: boolean? 4.1
        userCreated: boolean? 4.1
        inCompliance: boolean? 4.1
        ruleUuid: string? 6.0

data ClusterRuleSpec : ArrayUpdateSpec 2.0
        info: ClusterRuleInfo?

data ClusterSlotPolicy : DynamicData 5.1

data ClusterUsageSummary : DynamicData 6.0
        totalCpuCapacityMhz: int
        totalMemCapacityMB: int
        cpuReservationMhz: int
        memReservationMB: int
        poweredOffCpuReservationMhz: int?
        poweredOffMemReservationMB: int?
        cpuDemandMhz: int
        memDemandMB: int
        statsGenNumber: long
        cpuEntitledMhz: int
        memEntitledMB: int
        poweredOffVmCount: int
        totalVmCount: int

data ClusterVmComponentProtectionSettings : DynamicData 6.0
        vmStorageProtectionForAPD: string?
        enableAPDTimeoutForHosts: boolean?
        vmTerminateDelayForAPDSec: int?
        vmReactionOnAPDCleared: string?
        vmStorageProtectionForPDL: string?

enum ClusterVmComponentProtectionSettingsStorageVmReaction 6.0
        disabled
        warning
        restartConservative
        restartAggressive
        clusterDefault

enum ClusterVmComponentProtectionSettingsVmReactionOnAPDCleared 6.0
        none
        reset
        useClusterDefault

data ClusterVmGroup : ClusterGroupInfo 4.1
        vm: VirtualMachine[]?

data ClusterVmHostRuleInfo : ClusterRuleInfo 4.1
        vmGroupName: string?
        affineHostGroupName: string?
        antiAffineHostGroupName: string?

data ClusterVmOrchestrationInfo : DynamicData 6.5
        vm: VirtualMachine
        vmReadiness: ClusterVmReadiness

data ClusterVmOrchestrationSpec : ArrayUpdateSpec 6.5
        info: ClusterVmOrchestrationInfo?

data ClusterVmReadiness : DynamicData 6.5
        readyCondition: string?
        postReadyDelay: int?

enum ClusterVmReadinessReadyCondition 6.5
        none
        poweredOn
        guestHbStatusGreen
        appHbStatusGreen
        useClusterDefault

data ClusterVmToolsMonitoringSettings : DynamicData 4.0
        enabled: boolean?
        vmMonitoring: string? 4.1
        clusterSettings: boolean?
        failureInterval: int?
        minUpTime: int?
        maxFailures: int?
        maxFailureWindow: int?

data DasHeartbeatDatastoreInfo : DynamicData 5.0
        datastore: Datastore
        hosts: HostSystem[]

enum DasVmPriority 2.0
        disabled
        low
        medium
        high

enum DpmBehavior 2.5
        manual
        automated

enum DrsBehavior 2.0
        manual
        partiallyAutomated
        fullyAutomated

enum DrsRecommendationReasonCode 2.0
        fairnessCpuAvg
        fairnessMemAvg
        jointAffin
        antiAffin
        hostMaint

enum HostPowerOperationType 2.5
        powerOn
        powerOff

data PlacementAction : ClusterAction 6.0
        vm: VirtualMachine?
        targetHost: HostSystem?
        relocateSpec: VirtualMachineRelocateSpec?

data PlacementResult : DynamicData 6.0
        recommendations: ClusterRecommendation[]?
        drsFault: ClusterDrsFaults?

data PlacementSpec : DynamicData 6.0
        priority: VirtualMachineMovePriority?
        vm: VirtualMachine?
        configSpec: VirtualMachineConfigSpec?
        relocateSpec: VirtualMachineRelocateSpec?
        hosts: HostSystem[]?
        datastores: Datastore[]?
        storagePods: StoragePod[]?
        disallowPrerequisiteMoves: boolean?
        rules: ClusterRuleInfo[]?
        key: string?
        placementType: string?
        cloneSpec: VirtualMachineCloneSpec?
        cloneName: string?

enum PlacementSpecPlacementType 6.0
        create
        reconfigure
        relocate
        clone

enum RecommendationReasonCode 2.5
        fairnessCpuAvg
        fairnessMemAvg
        jointAffin
        antiAffin
        hostMaint
        enterStandby
        reservationCpu
        reservationMem
        powerOnVm
        powerSaving
        increaseCapacity
        checkResource 4.0
        unreservedCapacity 4.0
        colocateCommunicatingVM
        balanceNetworkBandwidthUsage
        vmHostHardAffinity 4.1
        vmHostSoftAffinity 4.1
        increaseAllocation
        balanceDatastoreSpaceUsage 5.0
        balanceDatastoreIOLoad 5.0
        balanceDatastoreIOPSReservation 6.0
        datastoreMaint 5.0
        virtualDiskJointAffin 5.0
        virtualDiskAntiAffin 5.0
        datastoreSpaceOutage 5.0
        storagePlacement 5.0
        iolbDisabledInternal 5.0
        xvmotionPlacement 6.0
        networkBandwidthReservation 6.0
        hostInDegradation 6.5
        hostExitDegradation 6.5
        maxVmsConstraint 6.5
        ftConstraints 6.5
        vmHostAffinityPolicy 6.8.7
        vmHostAntiAffinityPolicy 6.8.7
        vmAntiAffinityPolicy 6.8.7
        predictiveDRS 7.0
        balanceVsanUsage 7.0

enum RecommendationType 2.5
        V1

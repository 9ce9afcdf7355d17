# SPDX-License-Identifier: LGPL-2.1-or-later

data AccountCreatedEvent : HostEvent 2.0
        spec: HostAccountSpec
        group: boolean

data AccountRemovedEvent : HostEvent 2.0
        account: string
        group: boolean

data AccountUpdatedEvent : HostEvent 2.0
        spec: HostAccountSpec
        group: boolean
        prevDescription: string? 6.5

data AdminPasswordNotChangedEvent : HostEvent 2.5

data AlarmAcknowledgedEvent : AlarmEvent 5.0
        source: ManagedEntityEventArgument
        entity: ManagedEntityEventArgument

data AlarmActionTriggeredEvent : AlarmEvent 2.0
        source: ManagedEntityEventArgument
        entity: ManagedEntityEventArgument

data AlarmClearedEvent : AlarmEvent 5.0
        source: ManagedEntityEventArgument
        entity: ManagedEntityEventArgument
        from: string

data AlarmCreatedEvent : AlarmEvent 2.0
        entity: ManagedEntityEventArgument

data AlarmEmailCompletedEvent : AlarmEvent 2.0
        entity: ManagedEntityEventArgument
        to: string

data AlarmEmailFailedEvent : AlarmEvent 2.0
        entity: ManagedEntityEventArgument
        to: string
        reason: LocalizedMethodFault

data AlarmEvent : Event 2.0
        alarm: AlarmEventArgument

data AlarmEventArgument : EntityEventArgument 2.0
        alarm: Alarm

data AlarmReconfiguredEvent : AlarmEvent 2.0
        entity: ManagedEntityEventArgument
        configChanges: ChangesInfoEventArgument? 6.5

data AlarmRemovedEvent : AlarmEvent 2.0
        entity: ManagedEntityEventArgument

data AlarmScriptCompleteEvent : AlarmEvent 2.0
        entity: ManagedEntityEventArgument
        script: string

data AlarmScriptFailedEvent : AlarmEvent 2.0
        entity: ManagedEntityEventArgument
        script: string
        reason: LocalizedMethodFault

data AlarmSnmpCompletedEvent : AlarmEvent 2.0
        entity: ManagedEntityEventArgument

data AlarmSnmpFailedEvent : AlarmEvent 2.0
        entity: ManagedEntityEventArgument
        reason: LocalizedMethodFault

data AlarmStatusChangedEvent : AlarmEvent 2.0
        source: ManagedEntityEventArgument
        entity: ManagedEntityEventArgument
        from: string
        to: string

data AllVirtualMachinesLicensedEvent : LicenseEvent 2.5

data AlreadyAuthenticatedSessionEvent : SessionEvent 2.0

data AuthorizationEvent : Event 2.0

data BadUsernameSessionEvent : SessionEvent 2.0
        ipAddress: string

data CanceledHostOperationEvent : HostEvent 2.0

data ChangesInfoEventArgument : DynamicData 6.5
        modified: string?
        added: string?
        deleted: string?

data ClusterComplianceCheckedEvent : ClusterEvent 4.0
        profile: ProfileEventArgument

data ClusterCreatedEvent : ClusterEvent 2.0
        parent: FolderEventArgument

data ClusterDestroyedEvent : ClusterEvent 2.0

data ClusterEvent : Event 2.0

data ClusterOvercommittedEvent : ClusterEvent 2.0

data ClusterReconfiguredEvent : ClusterEvent 2.0
        configChanges: ChangesInfoEventArgument? 6.5

data ClusterStatusChangedEvent : ClusterEvent 2.0
        oldStatus: string
        newStatus: string

data ComputeResourceEventArgument : EntityEventArgument 2.0
        computeResource: ComputeResource

data CustomFieldDefAddedEvent : CustomFieldDefEvent 2.0

data CustomFieldDefEvent : CustomFieldEvent 2.0
        fieldKey: int
        name: string

data CustomFieldDefRemovedEvent : CustomFieldDefEvent 2.0

data CustomFieldDefRenamedEvent : CustomFieldDefEvent 2.0
        newName: string

data CustomFieldEvent : Event 2.0

data CustomFieldValueChangedEvent : CustomFieldEvent 2.0
        entity: ManagedEntityEventArgument
        fieldKey: int
        name: string
        value: string
        prevState: string? 6.5

data CustomizationEvent : VmEvent 2.5
        logLocation: string?

data CustomizationFailed : CustomizationEvent 2.5
        reason: string? 7.0

enum CustomizationFailedReasonCode 7.0
        userDefinedScriptDisabled

data CustomizationLinuxIdentityFailed : CustomizationFailed 2.5

data CustomizationNetworkSetupFailed : CustomizationFailed 2.5

data CustomizationStartedEvent : CustomizationEvent 2.5

data CustomizationSucceeded : CustomizationEvent 2.5

data CustomizationSysprepFailed : CustomizationFailed 2.5
        sysprepVersion: string
        systemVersion: string

data CustomizationUnknownFailure : CustomizationFailed 2.5

data DVPortgroupCreatedEvent : DVPortgroupEvent 4.0

data DVPortgroupDestroyedEvent : DVPortgroupEvent 4.0

data DVPortgroupEvent : Event 4.0

data DVPortgroupReconfiguredEvent : DVPortgroupEvent 4.0
        configSpec: DVPortgroupConfigSpec
        configChanges: ChangesInfoEventArgument? 6.5

data DVPortgroupRenamedEvent : DVPortgroupEvent 4.0
        oldName: string
        newName: string

data DasAdmissionControlDisabledEvent : ClusterEvent 2.0

data DasAdmissionControlEnabledEvent : ClusterEvent 2.0

data DasAgentFoundEvent : ClusterEvent 2.0

data DasAgentUnavailableEvent : ClusterEvent 2.0

data DasClusterIsolatedEvent : ClusterEvent 4.0

data DasDisabledEvent : ClusterEvent 2.0

data DasEnabledEvent : ClusterEvent 2.0

data DasHostFailedEvent : ClusterEvent 2.0
        failedHost: HostEventArgument

data DasHostIsolatedEvent : ClusterEvent 2.0
        isolatedHost: HostEventArgument

data DatacenterCreatedEvent : DatacenterEvent 2.5
        parent: FolderEventArgument

data DatacenterEvent : Event 2.5

data DatacenterEventArgument : EntityEventArgument 2.0
        datacenter: Datacenter

data DatacenterRenamedEvent : DatacenterEvent 2.5
        oldName: string
        newName: string

data DatastoreCapacityIncreasedEvent : DatastoreEvent 4.0
        oldCapacity: long
        newCapacity: long

data DatastoreDestroyedEvent : DatastoreEvent 2.0

data DatastoreDiscoveredEvent : HostEvent 2.0
        datastore: DatastoreEventArgument

data DatastoreDuplicatedEvent : DatastoreEvent 2.0

data DatastoreEvent : Event 2.0
        datastore: DatastoreEventArgument?

data DatastoreEventArgument : EntityEventArgument 2.0
        datastore: Datastore

data DatastoreFileCopiedEvent : DatastoreFileEvent 4.0
        sourceDatastore: DatastoreEventArgument
        sourceFile: string

data DatastoreFileDeletedEvent : DatastoreFileEvent 4.0

data DatastoreFileEvent : DatastoreEvent 4.0
        targetFile: string
        sourceOfOperation: string? 6.5
        succeeded: boolean? 6.5

data DatastoreFileMovedEvent : DatastoreFileEvent 4.0
        sourceDatastore: DatastoreEventArgument
        sourceFile: string

data DatastoreIORMReconfiguredEvent : DatastoreEvent 4.1

data DatastorePrincipalConfigured : HostEvent 2.0
        datastorePrincipal: string

data DatastoreRemovedOnHostEvent : HostEvent 2.0
        datastore: DatastoreEventArgument

data DatastoreRenamedEvent : DatastoreEvent 2.0
        oldName: string
        newName: string

data DatastoreRenamedOnHostEvent : HostEvent 2.0
        oldName: string
        newName: string

data DrsDisabledEvent : ClusterEvent 2.0

data DrsEnabledEvent : ClusterEvent 2.0
        behavior: string

data DrsEnteredStandbyModeEvent : EnteredStandbyModeEvent 2.5

data DrsEnteringStandbyModeEvent : EnteringStandbyModeEvent 4.0

data DrsExitStandbyModeFailedEvent : ExitStandbyModeFailedEvent 4.0

data DrsExitedStandbyModeEvent : ExitedStandbyModeEvent 2.5

data DrsExitingStandbyModeEvent : ExitingStandbyModeEvent 4.0

data DrsInvocationFailedEvent : ClusterEvent 4.0

data DrsRecoveredFromFailureEvent : ClusterEvent 4.0

data DrsResourceConfigureFailedEvent : HostEvent 2.0
        reason: LocalizedMethodFault

data DrsResourceConfigureSyncedEvent : HostEvent 2.0

data DrsRuleComplianceEvent : VmEvent 4.1

data DrsRuleViolationEvent : VmEvent 4.1

data DrsSoftRuleViolationEvent : VmEvent 6.0

data DrsVmMigratedEvent : VmMigratedEvent 2.0

data DrsVmPoweredOnEvent : VmPoweredOnEvent 2.5

data DuplicateIpDetectedEvent : HostEvent 2.5
        duplicateIP: string
        macAddress: string

data DvpgImportEvent : DVPortgroupEvent 5.1
        importType: string

data DvpgRestoreEvent : DVPortgroupEvent 5.1

data DvsCreatedEvent : DvsEvent 4.0
        parent: FolderEventArgument

data DvsDestroyedEvent : DvsEvent 4.0

data DvsEvent : Event 4.0

data DvsEventArgument : EntityEventArgument 4.0
        dvs: DistributedVirtualSwitch

enum DvsEventPortBlockState 6.5
        unset
        blocked
        unblocked
        unknown

data DvsHealthStatusChangeEvent : HostEvent 5.1
        switchUuid: string
        healthResult: HostMemberHealthCheckResult?

data DvsHostBackInSyncEvent : DvsEvent 4.0
        hostBackInSync: HostEventArgument

data DvsHostJoinedEvent : DvsEvent 4.0
        hostJoined: HostEventArgument

data DvsHostLeftEvent : DvsEvent 4.0
        hostLeft: HostEventArgument

data DvsHostStatusUpdated : DvsEvent 4.1
        hostMember: HostEventArgument
        oldStatus: string?
        newStatus: string?
        oldStatusDetail: string?
        newStatusDetail: string?

data DvsHostWentOutOfSyncEvent : DvsEvent 4.0
        hostOutOfSync: DvsOutOfSyncHostArgument

data DvsImportEvent : DvsEvent 5.1
        importType: string

data DvsMergedEvent : DvsEvent 4.0
        sourceDvs: DvsEventArgument
        destinationDvs: DvsEventArgument

data DvsOutOfSyncHostArgument : DynamicData 4.0
        outOfSyncHost: HostEventArgument
        configParamters: string[]

data DvsPortBlockedEvent : DvsEvent 4.0
        portKey: string
        statusDetail: string? 4.1
        runtimeInfo: DVPortStatus? 5.1
        prevBlockState: string? 6.5

data DvsPortConnectedEvent : DvsEvent 4.0
        portKey: string
        connectee: DistributedVirtualSwitchPortConnectee?

data DvsPortCreatedEvent : DvsEvent 4.0
        portKey: string[]

data DvsPortDeletedEvent : DvsEvent 4.0
        portKey: string[]

data DvsPortDisconnectedEvent : DvsEvent 4.0
        portKey: string
        connectee: DistributedVirtualSwitchPortConnectee?

data DvsPortEnteredPassthruEvent : DvsEvent 4.1
        portKey: string
        runtimeInfo: DVPortStatus? 5.1

data DvsPortExitedPassthruEvent : DvsEvent 4.1
        portKey: string
        runtimeInfo: DVPortStatus? 5.1

data DvsPortJoinPortgroupEvent : DvsEvent 4.0
        portKey: string
        portgroupKey: string
        portgroupName: string

data DvsPortLeavePortgroupEvent : DvsEvent 4.0
        portKey: string
        portgroupKey: string
        portgroupName: string

data DvsPortLinkDownEvent : DvsEvent 4.0
        portKey: string
        runtimeInfo: DVPortStatus? 5.1

data DvsPortLinkUpEvent : DvsEvent 4.0
        portKey: string
        runtimeInfo: DVPortStatus? 5.1

data DvsPortReconfiguredEvent : DvsEvent 4.0
        portKey: string[]
        configChanges: ChangesInfoEventArgument[]? 6.5

data DvsPortRuntimeChangeEvent : DvsEvent 5.1
        portKey: string
        runtimeInfo: DVPortStatus

data DvsPortUnblockedEvent : DvsEvent 4.0
        portKey: string
        runtimeInfo: DVPortStatus? 5.1
        prevBlockState: string? 6.5

data DvsPortVendorSpecificStateChangeEvent : DvsEvent 5.1
        portKey: string

data DvsReconfiguredEvent : DvsEvent 4.0
        configSpec: DVSConfigSpec
        configChanges: ChangesInfoEventArgument? 6.5

data DvsRenamedEvent : DvsEvent 4.0
        oldName: string
        newName: string

data DvsRestoreEvent : DvsEvent 5.1

data DvsUpgradeAvailableEvent : DvsEvent 4.0
        productInfo: DistributedVirtualSwitchProductSpec

data DvsUpgradeInProgressEvent : DvsEvent 4.0
        productInfo: DistributedVirtualSwitchProductSpec

data DvsUpgradeRejectedEvent : DvsEvent 4.0
        productInfo: DistributedVirtualSwitchProductSpec

data DvsUpgradedEvent : DvsEvent 4.0
        productInfo: DistributedVirtualSwitchProductSpec

data EnteredMaintenanceModeEvent : HostEvent 2.0

data EnteredStandbyModeEvent : HostEvent 2.5

data EnteringMaintenanceModeEvent : HostEvent 2.0

data EnteringStandbyModeEvent : HostEvent 2.5

data EntityEventArgument : EventArgument 2.0
        name: string

data ErrorUpgradeEvent : UpgradeEvent 2.0

data Event : DynamicData 2.0
        key: int
        chainId: int
        createdTime: dateTime
        userName: string
        datacenter: DatacenterEventArgument?
        computeResource: ComputeResourceEventArgument?
        host: HostEventArgument?
        vm: VmEventArgument?
        ds: DatastoreEventArgument? 4.0
        net: NetworkEventArgument? 4.0
        dvs: DvsEventArgument? 4.0
        fullFormattedMessage: string?
        changeTag: string? 4.0

data EventArgDesc : DynamicData 4.0
        name: string
        type: string
        description: ElementDescription?

data EventArgument : DynamicData 2.0

enum EventCategory 2.0
        info
        warning
        error
        user

data EventDescription : DynamicData 2.0
        category: ElementDescription[]
        eventInfo: EventDescriptionEventDetail[]
        enumeratedTypes: EnumDescription[]? 4.0

data EventDescriptionEventDetail : DynamicData 2.0
        key: TypeName
        description: string? 4.0
        category: string
        formatOnDatacenter: string
        formatOnComputeResource: string
        formatOnHost: string
        formatOnVm: string
        fullFormat: string
        longDescription: string? 4.1

enum EventEventSeverity 4.0
        error
        warning
        info
        user

data EventEx : Event 4.0
        eventTypeId: string
        severity: string?
        message: string?
        arguments: KeyAnyValue[]?
        objectId: string?
        objectType: TypeName?
        objectName: string? 4.1
        fault: LocalizedMethodFault? 4.1

data EventFilterSpec : DynamicData 2.0
        entity: EventFilterSpecByEntity?
        time: EventFilterSpecByTime?
        userName: EventFilterSpecByUsername?
        eventChainId: int?
        alarm: Alarm?
        scheduledTask: ScheduledTask?
        disableFullMessage: boolean?
        category: string[]?
        type: TypeName[]?
        tag: string[]? 4.0
        eventTypeId: string[]? 4.0
        maxCount: int? 6.5

data EventFilterSpecByEntity : DynamicData 2.0
        entity: ManagedEntity
        recursion: EventFilterSpecRecursionOption

data EventFilterSpecByTime : DynamicData 2.0
        beginTime: dateTime?
        endTime: dateTime?

data EventFilterSpecByUsername : DynamicData 2.0
        systemUser: boolean
        userList: string[]?

enum EventFilterSpecRecursionOption 2.0
        self
        children
        all

managed EventHistoryCollector : HistoryCollector 2.0
        latestPage: Event[]?
        ReadNextEvents(maxCount: int): Event[]?
        ReadPreviousEvents(maxCount: int): Event[]?

managed EventManager : ManagedObject 2.0
        description: EventDescription needs System.View
        latestEvent: Event? needs System.View
        maxCollector: int needs System.View
        RetrieveArgumentDescription(eventTypeId: string): EventArgDesc[]? 4.0
                needs System.View
        CreateCollectorForEvents(filter: EventFilterSpec): EventHistoryCollector
                needs System.View
                throws InvalidState
        LogUserEvent(entity: ManagedEntity, msg: string): void
        QueryEvents(filter: EventFilterSpec): Event[]?
                needs System.View
        PostEvent(eventToPost: Event, taskInfo: TaskInfo?): void 2.5
                needs Global.LogEvent
                throws InvalidEvent

data ExitMaintenanceModeEvent : HostEvent 2.0

data ExitStandbyModeFailedEvent : HostEvent 4.0

data ExitedStandbyModeEvent : HostEvent 2.5

data ExitingStandbyModeEvent : HostEvent 4.0

data ExtendedEvent : GeneralEvent 2.5
        eventTypeId: string
        managedObject: ManagedObject
        data: ExtendedEventPair[]?

data ExtendedEventPair : DynamicData 2.5
        key: string
        value: string

data FailoverLevelRestored : ClusterEvent 2.0

data FolderEventArgument : EntityEventArgument 2.0
        folder: Folder

data GeneralEvent : Event 2.0
        message: string

data GeneralHostErrorEvent : GeneralEvent 2.0

data GeneralHostInfoEvent : GeneralEvent 2.0

data GeneralHostWarningEvent : GeneralEvent 2.0

data GeneralUserEvent : GeneralEvent 2.0
        entity: ManagedEntityEventArgument?

data GeneralVmErrorEvent : GeneralEvent 2.0

data GeneralVmInfoEvent : GeneralEvent 2.0

data GeneralVmWarningEvent : GeneralEvent 2.0

data GhostDvsProxySwitchDetectedEvent : HostEvent 4.0
        switchUuid: string[]

data GhostDvsProxySwitchRemovedEvent : HostEvent 4.0
        switchUuid: string[]

data GlobalMessageChangedEvent : SessionEvent 2.0
        message: string
        prevMessage: string? 6.5

data HealthStatusChangedEvent : Event 4.0
        componentId: string
        oldStatus: string
        newStatus: string
        componentName: string
        serviceId: string? 6.0

data HostAddFailedEvent : HostEvent 2.0
        hostname: string

data HostAddedEvent : HostEvent 2.0

data HostAdminDisableEvent : HostEvent 2.5

data HostAdminEnableEvent : HostEvent 2.5

data HostCnxFailedAccountFailedEvent : HostEvent 2.0

data HostCnxFailedAlreadyManagedEvent : HostEvent 2.0
        serverName: string

data HostCnxFailedBadCcagentEvent : HostEvent 2.0

data HostCnxFailedBadUsernameEvent : HostEvent 2.0

data HostCnxFailedBadVersionEvent : HostEvent 2.0

data HostCnxFailedCcagentUpgradeEvent : HostEvent 2.0

data HostCnxFailedEvent : HostEvent 2.0

data HostCnxFailedNetworkErrorEvent : HostEvent 2.0

data HostCnxFailedNoAccessEvent : HostEvent 2.0

data HostCnxFailedNoConnectionEvent : HostEvent 2.0

data HostCnxFailedNoLicenseEvent : HostEvent 2.0

data HostCnxFailedNotFoundEvent : HostEvent 2.0

data HostCnxFailedTimeoutEvent : HostEvent 2.0

data HostComplianceCheckedEvent : HostEvent 4.0
        profile: ProfileEventArgument

data HostCompliantEvent : HostEvent 4.0

data HostConfigAppliedEvent : HostEvent 4.0

data HostConnectedEvent : HostEvent 2.0

data HostConnectionLostEvent : HostEvent 2.0

data HostDasDisabledEvent : HostEvent 2.0

data HostDasDisablingEvent : HostEvent 2.0

data HostDasEnabledEvent : HostEvent 2.0

data HostDasEnablingEvent : HostEvent 2.0

data HostDasErrorEvent : HostEvent 2.0
        message: string? 2.5
        reason: string? 4.0

enum HostDasErrorEventHostDasErrorReason 4.0
        configFailed
        timeout
        communicationInitFailed
        healthCheckScriptFailed
        agentFailed
        agentShutdown
        isolationAddressUnpingable 4.1
        other

data HostDasEvent : HostEvent 2.5

data HostDasOkEvent : HostEvent 2.0

data HostDisconnectedEvent : HostEvent 2.0
        reason: string? 4.0

enum HostDisconnectedEventReasonCode 4.0
        sslThumbprintVerifyFailed
        licenseExpired
        agentUpgrade
        userRequest
        insufficientLicenses
        agentOutOfDate 4.1
        passwordDecryptFailure 4.1
        unknown 4.1
        vcVRAMCapacityExceeded 5.1

data HostEnableAdminFailedEvent : HostEvent 2.5
        permissions: Permission[]

data HostEvent : Event 2.0

data HostEventArgument : EntityEventArgument 2.0
        host: HostSystem

data HostExtraNetworksEvent : HostDasEvent 4.0
        ips: string?

data HostGetShortNameFailedEvent : HostEvent 2.5

data HostInAuditModeEvent : HostEvent 5.0

data HostInventoryFullEvent : LicenseEvent 2.5
        capacity: int

data HostInventoryUnreadableEvent : Event 4.0

data HostIpChangedEvent : HostEvent 2.5
        oldIP: string
        newIP: string

data HostIpInconsistentEvent : HostEvent 2.5
        ipAddress: string
        ipAddress2: string

data HostIpToShortNameFailedEvent : HostEvent 2.5

data HostIsolationIpPingFailedEvent : HostDasEvent 2.5
        isolationIp: string

data HostLicenseExpiredEvent : LicenseEvent 2.0

data HostLocalPortCreatedEvent : DvsEvent 5.1
        hostLocalPort: DVSHostLocalPortInfo

data HostMissingNetworksEvent : HostDasEvent 4.0
        ips: string?

data HostMonitoringStateChangedEvent : ClusterEvent 4.0
        state: string
        prevState: string? 6.5

data HostNoAvailableNetworksEvent : HostDasEvent 4.0
        ips: string?

data HostNoHAEnabledPortGroupsEvent : HostDasEvent 4.0

data HostNoRedundantManagementNetworkEvent : HostDasEvent 2.5

data HostNonCompliantEvent : HostEvent 4.0

data HostNotInClusterEvent : HostDasEvent 2.5

data HostOvercommittedEvent : ClusterOvercommittedEvent 4.0

data HostPrimaryAgentNotShortNameEvent : HostDasEvent 2.5
        primaryAgent: string

data HostProfileAppliedEvent : HostEvent 4.0
        profile: ProfileEventArgument

data HostReconnectionFailedEvent : HostEvent 2.0

data HostRemovedEvent : HostEvent 2.0

data HostShortNameInconsistentEvent : HostDasEvent 2.5
        shortName: string
        shortName2: string

data HostShortNameToIpFailedEvent : HostEvent 2.5
        shortName: string

data HostShutdownEvent : HostEvent 2.0
        reason: string

data HostSpecificationChangedEvent : HostEvent 6.5

data HostSpecificationRequireEvent : HostEvent 6.5

data HostSpecificationUpdateEvent : HostEvent 6.5
        hostSpec: HostSpecification

data HostStatusChangedEvent : ClusterStatusChangedEvent 4.0

data HostSubSpecificationDeleteEvent : HostEvent 6.5
        subSpecName: string

data HostSubSpecificationUpdateEvent : HostEvent 6.5
        hostSubSpec: HostSubSpecification

data HostSyncFailedEvent : HostEvent 4.0
        reason: LocalizedMethodFault

data HostUpgradeFailedEvent : HostEvent 2.0

data HostUserWorldSwapNotEnabledEvent : HostEvent 4.0

data HostVnicConnectedToCustomizedDVPortEvent : HostEvent 4.0
        vnic: VnicPortArgument
        prevPortKey: string? 6.5

data HostWwnChangedEvent : HostEvent 2.5
        oldNodeWwns: long[]?
        oldPortWwns: long[]?
        newNodeWwns: long[]?
        newPortWwns: long[]?

data HostWwnConflictEvent : HostEvent 2.5
        conflictedVms: VmEventArgument[]?
        conflictedHosts: HostEventArgument[]?
        wwn: long

data IScsiBootFailureEvent : HostEvent 4.1

data IncorrectHostInformationEvent : LicenseEvent 2.5

data InfoUpgradeEvent : UpgradeEvent 2.0

data InsufficientFailoverResourcesEvent : ClusterEvent 2.0

data InvalidEditionEvent : LicenseEvent 2.5
        feature: string

data LicenseEvent : Event 2.0

data LicenseExpiredEvent : Event 2.0
        feature: LicenseFeatureInfo

data LicenseNonComplianceEvent : LicenseEvent 4.0
        url: string

data LicenseRestrictedEvent : LicenseEvent 2.5

data LicenseServerAvailableEvent : LicenseEvent 2.0
        licenseServer: string

data LicenseServerUnavailableEvent : LicenseEvent 2.0
        licenseServer: string

data LocalDatastoreCreatedEvent : HostEvent 2.0
        datastore: DatastoreEventArgument
        datastoreUrl: string? 6.5

data LocalTSMEnabledEvent : HostEvent 4.1

data LockerMisconfiguredEvent : Event 2.5
        datastore: DatastoreEventArgument

data LockerReconfiguredEvent : Event 2.5
        oldDatastore: DatastoreEventArgument?
        newDatastore: DatastoreEventArgument?

data ManagedEntityEventArgument : EntityEventArgument 2.0
        entity: ManagedEntity

data MigrationErrorEvent : MigrationEvent 2.0

data MigrationEvent : VmEvent 2.0
        fault: LocalizedMethodFault

data MigrationHostErrorEvent : MigrationEvent 2.0
        dstHost: HostEventArgument

data MigrationHostWarningEvent : MigrationEvent 2.0
        dstHost: HostEventArgument

data MigrationResourceErrorEvent : MigrationEvent 2.0
        dstPool: ResourcePoolEventArgument
        dstHost: HostEventArgument

data MigrationResourceWarningEvent : MigrationEvent 2.0
        dstPool: ResourcePoolEventArgument
        dstHost: HostEventArgument

data MigrationWarningEvent : MigrationEvent 2.0

data MtuMatchEvent : DvsHealthStatusChangeEvent 5.1

data MtuMismatchEvent : DvsHealthStatusChangeEvent 5.1

data NASDatastoreCreatedEvent : HostEvent 2.0
        datastore: DatastoreEventArgument
        datastoreUrl: string? 6.5

data NetworkEventArgument : EntityEventArgument 4.0
        network: Network

data NetworkRollbackEvent : Event 5.1
        methodName: string
        transactionId: string

data NoAccessUserEvent : SessionEvent 2.0
        ipAddress: string

data NoDatastoresConfiguredEvent : HostEvent 2.5

data NoLicenseEvent : LicenseEvent 2.0
        feature: LicenseFeatureInfo

data NoMaintenanceModeDrsRecommendationForVM : VmEvent 2.0

data NonVIWorkloadDetectedOnDatastoreEvent : DatastoreEvent 4.1

data NotEnoughResourcesToStartVmEvent : VmEvent 2.0
        reason: string 6.0

data OutOfSyncDvsHost : DvsEvent 4.0
        hostOutOfSync: DvsOutOfSyncHostArgument[]

data PermissionAddedEvent : PermissionEvent 2.0
        role: RoleEventArgument
        propagate: boolean

data PermissionEvent : AuthorizationEvent 2.0
        entity: ManagedEntityEventArgument
        principal: string
        group: boolean

data PermissionRemovedEvent : PermissionEvent 2.0

data PermissionUpdatedEvent : PermissionEvent 2.0
        role: RoleEventArgument
        propagate: boolean
        prevRole: RoleEventArgument? 6.5
        prevPropagate: boolean? 6.5

data ProfileAssociatedEvent : ProfileEvent 4.0

data ProfileChangedEvent : ProfileEvent 4.0

data ProfileCreatedEvent : ProfileEvent 4.0

data ProfileDissociatedEvent : ProfileEvent 4.0

data ProfileEvent : Event 4.0
        profile: ProfileEventArgument

data ProfileEventArgument : EventArgument 4.0
        profile: Profile
        name: string

data ProfileReferenceHostChangedEvent : ProfileEvent 4.0
        referenceHost: HostSystem?
        referenceHostName: string? 6.5
        prevReferenceHostName: string? 6.5

data ProfileRemovedEvent : ProfileEvent 4.0

data RecoveryEvent : DvsEvent 5.1
        hostName: string
        portKey: string
        dvsUuid: string?
        vnic: string?

data RemoteTSMEnabledEvent : HostEvent 4.1

data ResourcePoolCreatedEvent : ResourcePoolEvent 2.0
        parent: ResourcePoolEventArgument

data ResourcePoolDestroyedEvent : ResourcePoolEvent 2.0

data ResourcePoolEvent : Event 2.0
        resourcePool: ResourcePoolEventArgument

data ResourcePoolEventArgument : EntityEventArgument 2.0
        resourcePool: ResourcePool

data ResourcePoolMovedEvent : ResourcePoolEvent 2.0
        oldParent: ResourcePoolEventArgument
        newParent: ResourcePoolEventArgument

data ResourcePoolReconfiguredEvent : ResourcePoolEvent 2.0
        configChanges: ChangesInfoEventArgument? 6.5

data ResourceViolatedEvent : ResourcePoolEvent 2.0

data RoleAddedEvent : RoleEvent 2.0
        privilegeList: string[]?

data RoleEvent : AuthorizationEvent 2.0
        role: RoleEventArgument

data RoleEventArgument : EventArgument 2.0
        roleId: int
        name: string

data RoleRemovedEvent : RoleEvent 2.0

data RoleUpdatedEvent : RoleEvent 2.0
        privilegeList: string[]?
        prevRoleName: string? 6.5
        privilegesAdded: string[]? 6.5
        privilegesRemoved: string[]? 6.5

data RollbackEvent : DvsEvent 5.1
        hostName: string
        methodName: string?

data ScheduledTaskCompletedEvent : ScheduledTaskEvent 2.0

data ScheduledTaskCreatedEvent : ScheduledTaskEvent 2.0

data ScheduledTaskEmailCompletedEvent : ScheduledTaskEvent 2.0
        to: string

data ScheduledTaskEmailFailedEvent : ScheduledTaskEvent 2.0
        to: string
        reason: LocalizedMethodFault

data ScheduledTaskEvent : Event 2.0
        scheduledTask: ScheduledTaskEventArgument
        entity: ManagedEntityEventArgument

data ScheduledTaskEventArgument : EntityEventArgument 2.0
        scheduledTask: ScheduledTask

data ScheduledTaskFailedEvent : ScheduledTaskEvent 2.0
        reason: LocalizedMethodFault

data ScheduledTaskReconfiguredEvent : ScheduledTaskEvent 2.0
        configChanges: ChangesInfoEventArgument? 6.5

data ScheduledTaskRemovedEvent : ScheduledTaskEvent 2.0

data ScheduledTaskStartedEvent : ScheduledTaskEvent 2.0

data ServerLicenseExpiredEvent : LicenseEvent 2.0
        product: string

data ServerStartedSessionEvent : SessionEvent 2.0

data SessionEvent : Event 2.0

data SessionTerminatedEvent : SessionEvent 2.0
        sessionId: string
        terminatedUsername: string

data TaskEvent : Event 2.0
        info: TaskInfo

data TaskTimeoutEvent : TaskEvent 2.5

data TeamingMatchEvent : DvsHealthStatusChangeEvent 5.1

data TeamingMisMatchEvent : DvsHealthStatusChangeEvent 5.1

data TemplateBeingUpgradedEvent : TemplateUpgradeEvent 2.0

data TemplateUpgradeEvent : Event 2.0
        legacyTemplate: string

data TemplateUpgradeFailedEvent : TemplateUpgradeEvent 2.0
        reason: LocalizedMethodFault

data TemplateUpgradedEvent : TemplateUpgradeEvent 2.0

data TimedOutHostOperationEvent : HostEvent 2.0

data UnlicensedVirtualMachinesEvent : LicenseEvent 2.5
        unlicensed: int
        available: int

data UnlicensedVirtualMachinesFoundEvent : LicenseEvent 2.5
        available: int

data UpdatedAgentBeingRestartedEvent : HostEvent 2.5

data UpgradeEvent : Event 2.0
        message: string

data UplinkPortMtuNotSupportEvent : DvsHealthStatusChangeEvent 5.1

data UplinkPortMtuSupportEvent : DvsHealthStatusChangeEvent 5.1

data UplinkPortVlanTrunkedEvent : DvsHealthStatusChangeEvent 5.1

data UplinkPortVlanUntrunkedEvent : DvsHealthStatusChangeEvent 5.1

data UserAssignedToGroup : HostEvent 2.0
        userLogin: string
        group: string

data UserLoginSessionEvent : SessionEvent 2.0
        ipAddress: string
        userAgent: string? 5.1
        locale: string
        sessionId: string

data UserLogoutSessionEvent : SessionEvent 2.0
        ipAddress: string? 5.1
        userAgent: string? 5.1
        callCount: long? 5.1
        sessionId: string? 5.1
        loginTime: dateTime? 5.1

data UserPasswordChanged : HostEvent 2.0
        userLogin: string

data UserUnassignedFromGroup : HostEvent 2.0
        userLogin: string
        group: string

data UserUpgradeEvent : UpgradeEvent 2.0

data VMFSDatastoreCreatedEvent : HostEvent 2.0
        datastore: DatastoreEventArgument
        datastoreUrl: string? 6.5

data VMFSDatastoreExpandedEvent : HostEvent 4.0
        datastore: DatastoreEventArgument

data VMFSDatastoreExtendedEvent : HostEvent 4.0
        datastore: DatastoreEventArgument

data VMotionLicenseExpiredEvent : LicenseEvent 2.0

data VcAgentUninstallFailedEvent : HostEvent 4.0
        reason: string?

data VcAgentUninstalledEvent : HostEvent 4.0

data VcAgentUpgradeFailedEvent : HostEvent 2.0
        reason: string? 4.0

data VcAgentUpgradedEvent : HostEvent 2.0

data VimAccountPasswordChangedEvent : HostEvent 2.5

data VmAcquiredMksTicketEvent : VmEvent 2.5

data VmAcquiredTicketEvent : VmEvent 4.1
        ticketType: string

data VmAutoRenameEvent : VmEvent 2.0
        oldName: string
        newName: string

data VmBeingClonedEvent : VmCloneEvent 2.0
        destFolder: FolderEventArgument
        destName: string
        destHost: HostEventArgument

data VmBeingClonedNoFolderEvent : VmCloneEvent 4.1
        destName: string
        destHost: HostEventArgument

data VmBeingCreatedEvent : VmEvent 2.0
        configSpec: VirtualMachineConfigSpec?

data VmBeingDeployedEvent : VmEvent 2.0
        srcTemplate: VmEventArgument

data VmBeingHotMigratedEvent : VmEvent 2.0
        destHost: HostEventArgument
        destDatacenter: DatacenterEventArgument? 5.0
        destDatastore: DatastoreEventArgument? 5.0

data VmBeingMigratedEvent : VmEvent 2.0
        destHost: HostEventArgument
        destDatacenter: DatacenterEventArgument? 5.0
        destDatastore: DatastoreEventArgument? 5.0

data VmBeingRelocatedEvent : VmRelocateSpecEvent 2.0
        destHost: HostEventArgument
        destDatacenter: DatacenterEventArgument? 5.0
        destDatastore: DatastoreEventArgument? 5.0

data VmCloneEvent : VmEvent 2.0

data VmCloneFailedEvent : VmCloneEvent 2.0
        destFolder: FolderEventArgument
        destName: string
        destHost: HostEventArgument
        reason: LocalizedMethodFault

data VmClonedEvent : VmCloneEvent 2.0
        sourceVm: VmEventArgument

data VmConfigMissingEvent : VmEvent 2.0

data VmConnectedEvent : VmEvent 2.0

data VmCreatedEvent : VmEvent 2.0

data VmDasBeingResetEvent : VmEvent 4.0
        reason: string? 4.1

enum VmDasBeingResetEventReasonCode 4.1
        vmtoolsHeartbeatFailure
        appHeartbeatFailure
        appImmediateResetRequest 5.5
        vmcpResetApdCleared 6.0
        guestOsCrashFailure 6.5

data VmDasBeingResetWithScreenshotEvent : VmDasBeingResetEvent 4.0
        screenshotFilePath: string

data VmDasResetFailedEvent : VmEvent 4.0

data VmDasUpdateErrorEvent : VmEvent 2.0

data VmDasUpdateOkEvent : VmEvent 2.0

data VmDateRolledBackEvent : VmEvent 2.0

data VmDeployFailedEvent : VmEvent 2.0
        destDatastore: EntityEventArgument
        reason: LocalizedMethodFault

data VmDeployedEvent : VmEvent 2.0
        srcTemplate: VmEventArgument

data VmDisconnectedEvent : VmEvent 2.0

data VmDiscoveredEvent : VmEvent 2.0

data VmDiskFailedEvent : VmEvent 2.0
        disk: string
        reason: LocalizedMethodFault

data VmEmigratingEvent : VmEvent 2.0

data VmEndRecordingEvent : VmEvent 4.0

data VmEndReplayingEvent : VmEvent 4.0

data VmEvent : Event 2.0
        template: boolean

data VmEventArgument : EntityEventArgument 2.0
        vm: VirtualMachine

data VmFailedMigrateEvent : VmEvent 2.0
        destHost: HostEventArgument
        reason: LocalizedMethodFault
        destDatacenter: DatacenterEventArgument? 5.0
        destDatastore: DatastoreEventArgument? 5.0

data VmFailedRelayoutEvent : VmEvent 2.0
        reason: LocalizedMethodFault

data VmFailedRelayoutOnVmfs2DatastoreEvent : VmEvent 2.0

data VmFailedStartingSecondaryEvent : VmEvent 4.0
        reason: string?

enum VmFailedStartingSecondaryEventFailureReason 4.0
        incompatibleHost
        loginFailed
        registerVmFailed
        migrateFailed

data VmFailedToPowerOffEvent : VmEvent 2.0
        reason: LocalizedMethodFault

data VmFailedToPowerOnEvent : VmEvent 2.0
        reason: LocalizedMethodFault

data VmFailedToRebootGuestEvent : VmEvent 2.0
        reason: LocalizedMethodFault

data VmFailedToResetEvent : VmEvent 2.0
        reason: LocalizedMethodFault

data VmFailedToShutdownGuestEvent : VmEvent 2.0
        reason: LocalizedMethodFault

data VmFailedToStandbyGuestEvent : VmEvent 2.0
        reason: LocalizedMethodFault

data VmFailedToSuspendEvent : VmEvent 2.0
        reason: LocalizedMethodFault

data VmFailedUpdatingSecondaryConfig : VmEvent 4.0

data VmFailoverFailed : VmEvent 2.0
        reason: LocalizedMethodFault? 4.1

data VmFaultToleranceStateChangedEvent : VmEvent 4.0
        oldState: VirtualMachineFaultToleranceState
        newState: VirtualMachineFaultToleranceState

data VmFaultToleranceTurnedOffEvent : VmEvent 4.0

data VmFaultToleranceVmTerminatedEvent : VmEvent 4.0
        reason: string?

data VmGuestOSCrashedEvent : VmEvent 6.0

data VmGuestRebootEvent : VmEvent 2.0

data VmGuestShutdownEvent : VmEvent 2.0

data VmGuestStandbyEvent : VmEvent 2.0

data VmHealthMonitoringStateChangedEvent : ClusterEvent 4.0
        state: string
        prevState: string? 6.5

data VmInstanceUuidAssignedEvent : VmEvent 4.0
        instanceUuid: string

data VmInstanceUuidChangedEvent : VmEvent 4.0
        oldInstanceUuid: string
        newInstanceUuid: string

data VmInstanceUuidConflictEvent : VmEvent 4.0
        conflictedVm: VmEventArgument
        instanceUuid: string

data VmMacAssignedEvent : VmEvent 2.0
        adapter: string
        mac: string

data VmMacChangedEvent : VmEvent 2.0
        adapter: string
        oldMac: string
        newMac: string

data VmMacConflictEvent : VmEvent 2.0
        conflictedVm: VmEventArgument
        mac: string

data VmMaxFTRestartCountReached : VmEvent 4.0

data VmMaxRestartCountReached : VmEvent 4.0

data VmMessageErrorEvent : VmEvent 4.0
        message: string
        messageInfo: VirtualMachineMessage[]?

data VmMessageEvent : VmEvent 2.0
        message: string
        messageInfo: VirtualMachineMessage[]? 2.5

data VmMessageWarningEvent : VmEvent 4.0
        message: string
        messageInfo: VirtualMachineMessage[]?

data VmMigratedEvent : VmEvent 2.0
        sourceHost: HostEventArgument
        sourceDatacenter: DatacenterEventArgument? 5.0
        sourceDatastore: DatastoreEventArgument? 5.0

data VmNoCompatibleHostForSecondaryEvent : VmEvent 4.0

data VmNoNetworkAccessEvent : VmEvent 2.0
        destHost: HostEventArgument

data VmOrphanedEvent : VmEvent 2.0

data VmPowerOffOnIsolationEvent : VmPoweredOffEvent 2.0
        isolatedHost: HostEventArgument

data VmPoweredOffEvent : VmEvent 2.0

data VmPoweredOnEvent : VmEvent 2.0

data VmPoweringOnWithCustomizedDVPortEvent : VmEvent 4.0
        vnic: VnicPortArgument[]

data VmPrimaryFailoverEvent : VmEvent 4.0
        reason: string?

data VmReconfiguredEvent : VmEvent 2.0
        configSpec: VirtualMachineConfigSpec
        configChanges: ChangesInfoEventArgument? 6.5

data VmRegisteredEvent : VmEvent 2.0

data VmRelayoutSuccessfulEvent : VmEvent 2.0

data VmRelayoutUpToDateEvent : VmEvent 2.0

data VmReloadFromPathEvent : VmEvent 4.1
        configPath: string

data VmReloadFromPathFailedEvent : VmEvent 4.1
        configPath: string

data VmRelocateFailedEvent : VmRelocateSpecEvent 2.0
        destHost: HostEventArgument
        reason: LocalizedMethodFault
        destDatacenter: DatacenterEventArgument? 5.0
        destDatastore: DatastoreEventArgument? 5.0

data VmRelocateSpecEvent : VmEvent 2.0

data VmRelocatedEvent : VmRelocateSpecEvent 2.0
        sourceHost: HostEventArgument
        sourceDatacenter: DatacenterEventArgument? 5.0
        sourceDatastore: DatastoreEventArgument? 5.0

data VmRemoteConsoleConnectedEvent : VmEvent 4.0

data VmRemoteConsoleDisconnectedEvent : VmEvent 4.0

data VmRemovedEvent : VmEvent 2.0

data VmRenamedEvent : VmEvent 2.0
        oldName: string
        newName: string

data VmRequirementsExceedCurrentEVCModeEvent : VmEvent 5.1

data VmResettingEvent : VmEvent 2.0

data VmResourcePoolMovedEvent : VmEvent 2.0
        oldParent: ResourcePoolEventArgument
        newParent: ResourcePoolEventArgument

data VmResourceReallocatedEvent : VmEvent 2.0
        configChanges: ChangesInfoEventArgument? 6.5

data VmRestartedOnAlternateHostEvent : VmPoweredOnEvent 2.0
        sourceHost: HostEventArgument

data VmResumingEvent : VmEvent 2.0

data VmSecondaryAddedEvent : VmEvent 4.0

data VmSecondaryDisabledBySystemEvent : VmEvent 4.0
        reason: LocalizedMethodFault?

data VmSecondaryDisabledEvent : VmEvent 4.0

data VmSecondaryEnabledEvent : VmEvent 4.0

data VmSecondaryStartedEvent : VmEvent 4.0

data VmShutdownOnIsolationEvent : VmPoweredOffEvent 4.0
        isolatedHost: HostEventArgument
        shutdownResult: string?

enum VmShutdownOnIsolationEventOperation 4.0
        shutdown
        poweredOff

data VmStartRecordingEvent : VmEvent 4.0

data VmStartReplayingEvent : VmEvent 4.0

data VmStartingEvent : VmEvent 2.0

data VmStartingSecondaryEvent : VmEvent 4.0

data VmStaticMacConflictEvent : VmEvent 2.0
        conflictedVm: VmEventArgument
        mac: string

data VmStoppingEvent : VmEvent 2.0

data VmSuspendedEvent : VmEvent 2.0

data VmSuspendingEvent : VmEvent 2.0

data VmTimedoutStartingSecondaryEvent : VmEvent 4.0
        timeout: long?

data VmUnsupportedStartingEvent : VmStartingEvent 2.0
        guestId: string

data VmUpgradeCompleteEvent : VmEvent 2.0
        version: string

data VmUpgradeFailedEvent : VmEvent 2.0

data VmUpgradingEvent : VmEvent 2.0
        version: string

data VmUuidAssignedEvent : VmEvent 2.0
        uuid: string

data VmUuidChangedEvent : VmEvent 2.0
        oldUuid: string
        newUuid: string

data VmUuidConflictEvent : VmEvent 2.0
        conflictedVm: VmEventArgument
        uuid: string

data VmVnicPoolReservationViolationClearEvent : DvsEvent 6.0
        vmVnicResourcePoolKey: string
        vmVnicResourcePoolName: string?

data VmVnicPoolReservationViolationRaiseEvent : DvsEvent 6.0
        vmVnicResourcePoolKey: string
        vmVnicResourcePoolName: string?

data VmWwnAssignedEvent : VmEvent 2.5
        nodeWwns: long[]
        portWwns: long[]

data VmWwnChangedEvent : VmEvent 2.5
        oldNodeWwns: long[]?
        oldPortWwns: long[]?
        newNodeWwns: long[]?
        newPortWwns: long[]?

data VmWwnConflictEvent : VmEvent 2.5
        conflictedVms: VmEventArgument[]?
        conflictedHosts: HostEventArgument[]?
        wwn: long

data VnicPortArgument : DynamicData 4.0
        vnic: string
        port: DistributedVirtualSwitchPortConnection

data WarningUpgradeEvent : UpgradeEvent 2.0

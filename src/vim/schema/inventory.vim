# SPDX-License-Identifier: LGPL-2.1-or-later

data AboutInfo : DynamicData 2.0
        name: string
        fullName: string
        vendor: string
        version: string
        build: string
        localeVersion: string?
        localeBuild: string?
        osType: string
        productLineId: string
        apiType: string
        apiVersion: string
        instanceUuid: string? 4.0
        licenseProductName: string? 4.0
        licenseProductVersion: string? 4.0

data Action : DynamicData 2.0

enum ActionParameter 2.0
        targetName
        alarmName
        oldStatus
        newStatus
        triggeringSummary
        declaringSummary
        eventDescription
        target
        alarm

data ApplyStorageRecommendationResult : DynamicData 5.0
        vm: VirtualMachine?

enum ArrayUpdateOperation 2.0
        add
        remove
        edit

data ArrayUpdateSpec : DynamicData 2.0
        operation: ArrayUpdateOperation
        removeKey: anyType?

data AuthorizationDescription : DynamicData 2.0
        privilege: ElementDescription[]
        privilegeGroup: ElementDescription[]

managed AuthorizationManager : ManagedObject 2.0
        privilegeList: AuthorizationPrivilege[]? needs System.View
        roleList: AuthorizationRole[]? needs System.View
        description: AuthorizationDescription needs System.View
        AddAuthorizationRole(name: string, privIds: string[]?): int
                needs Authorization.ModifyRoles
                throws AlreadyExists InvalidName
        RemoveAuthorizationRole(roleId: int, failIfUsed: boolean): void
                needs Authorization.ModifyRoles
                throws NotFound RemoveFailed
        UpdateAuthorizationRole(roleId: int, newName: string, privIds: string[]?): void
                needs Authorization.ModifyRoles
                throws NotFound InvalidName AlreadyExists
        MergePermissions(srcRoleId: int, dstRoleId: int): void
                needs Authorization.ReassignRolePermissions
                throws NotFound AuthMinimumAdminPermission
        RetrieveRolePermissions(roleId: int): Permission[]?
                needs System.View
                throws NotFound
        RetrieveEntityPermissions(entity: ManagedEntity, inherited: boolean): Permission[]?
        RetrieveAllPermissions(): Permission[]?
                needs System.View
        SetEntityPermissions(entity: ManagedEntity, permission: Permission[]?): void
                throws UserNotFound NotFound AuthMinimumAdminPermission
        ResetEntityPermissions(entity: ManagedEntity, permission: Permission[]?): void
                throws UserNotFound NotFound AuthMinimumAdminPermission
        RemoveEntityPermission(entity: ManagedEntity, user: string, isGroup: boolean): void
                throws NotFound AuthMinimumAdminPermission
        HasPrivilegeOnEntity(entity: ManagedEntity, sessionId: string, privId: string[]?): boolean[]? 5.0
                needs System.View
        HasPrivilegeOnEntities(entity: ManagedEntity[], sessionId: string, privId: string[]?): EntityPrivilege[]? 5.5
                needs System.View
        HasUserPrivilegeOnEntities(entities: ManagedObject[], userName: string, privId: string[]?): EntityPrivilege[]? 6.5
        FetchUserPrivilegeOnEntities(entities: ManagedEntity[], userName: string): UserPrivilegeResult[]? 6.5

data AuthorizationPrivilege : DynamicData 2.0
        privId: string
        onParent: boolean
        name: string
        privGroupName: string

data AuthorizationRole : DynamicData 2.0
        roleId: int
        system: boolean
        name: string
        info: Description
        privilege: string[]?

data BaseConfigInfo : DynamicData 6.5
        id: ID
        name: string
        createTime: dateTime
        keepAfterDeleteVm: boolean? 6.7
        relocationDisabled: boolean? 6.7
        nativeSnapshotSupported: boolean? 6.7
        changedBlockTrackingEnabled: boolean? 6.7
        backing: BaseConfigInfoBackingInfo
        iofilter: string[]? 6.7

data BaseConfigInfoBackingInfo : DynamicData 6.5
        datastore: Datastore

data BaseConfigInfoDiskFileBackingInfo : BaseConfigInfoFileBackingInfo 6.5
        provisioningType: string

enum BaseConfigInfoDiskFileBackingInfoProvisioningType 6.5
        thin
        eagerZeroedThick
        lazyZeroedThick

data BaseConfigInfoFileBackingInfo : BaseConfigInfoBackingInfo 6.5
        filePath: string
        backingObjectId: string?
        parent: BaseConfigInfoFileBackingInfo?
        deltaSizeInMB: long?
        keyId: CryptoKeyId? 7.0

data BaseConfigInfoRawDiskMappingBackingInfo : BaseConfigInfoFileBackingInfo 6.5
        lunUuid: string
        compatibilityMode: string

data BatchResult : DynamicData 6.0
        result: string
        hostKey: string
        ds: Datastore?
        fault: LocalizedMethodFault?

enum BatchResultResult 6.0
        success
        fail

data BoolOption : OptionType 2.0
        supported: boolean
        defaultValue: boolean

data BoolPolicy : InheritablePolicy 4.0
        value: boolean?

enum CDCAlarmChangeKind 6.5
        triggered
        retriggered
        acknowledged
        cleared

enum CDCChangeLogCollectorChangeLog 6.5
        inventory
        alarmStatus

enum CDCInventoryChangeKind 6.5
        created
        updated
        deleted

data Capability : DynamicData 2.0
        provisioningSupported: boolean
        multiHostSupported: boolean
        userShellAccessSupported: boolean 2.5
        supportedEVCMode: EVCMode[]? 4.0
        networkBackupAndRestoreSupported: boolean? 5.1
        ftDrsWithoutEvcSupported: boolean? 6.7
        hciWorkflowSupported: boolean? 6.7.1
        computePolicyVersion: int? 6.8.7
        clusterPlacementSupported: boolean? 7.0
        lifecycleManagementSupported: boolean? 7.0
        scalableSharesSupported: boolean? 7.0

managed CertificateManager : ManagedObject 6.0
        CertMgrRefreshCACertificatesAndCRLs_Task(host: HostSystem[]): Task
                needs Certificate.Manage
        CertMgrRefreshCertificates_Task(host: HostSystem[]): Task
                needs Certificate.Manage
        CertMgrRevokeCertificates_Task(host: HostSystem[]): Task
                needs Certificate.Manage

data ChoiceOption : OptionType 2.0
        choiceInfo: ElementDescription[]
        defaultIndex: int?

managed ClusterComputeResource : ComputeResource 2.0
        configuration: ClusterConfigInfo
        recommendation: ClusterRecommendation[]? 2.5 needs System.Read
        drsRecommendation: ClusterDrsRecommendation[]?
        hciConfig: ClusterComputeResourceHCIConfigInfo? 6.7.1
        migrationHistory: ClusterDrsMigration[]?
        actionHistory: ClusterActionHistory[]? 2.5
        drsFault: ClusterDrsFaults[]? 4.0 needs System.Read
        ConfigureHCI_Task(clusterSpec: ClusterComputeResourceHCIConfigSpec, hostInputs: ClusterComputeResourceHostConfigurationInput[]?): Task 6.7.1
        ExtendHCI_Task(hostInputs: ClusterComputeResourceHostConfigurationInput[]?, vSanConfigSpec: SDDCBase?): Task 6.7.1
        AbandonHciWorkflow(): void 6.7.1
                needs Host.Inventory.EditCluster
                throws InvalidState
        ValidateHCIConfiguration(hciConfigSpec: ClusterComputeResourceHCIConfigSpec?, hosts: HostSystem[]?): ClusterComputeResourceValidationResultBase[]? 6.7.1
                needs System.Read
                throws InvalidState
        ReconfigureCluster_Task(spec: ClusterConfigSpec, modify: boolean): Task
                needs Host.Inventory.EditCluster
        ApplyRecommendation(key: string): void
        CancelRecommendation(key: string): void 4.1
                needs System.Read
        RecommendHostsForVm(vm: VirtualMachine, pool: ResourcePool?): ClusterHostRecommendation[]?
                needs System.Read
        AddHost_Task(spec: HostConnectSpec, asConnected: boolean, resourcePool: ResourcePool?, license: string? 4.0): Task
                needs Host.Inventory.AddHostToCluster
                throws InvalidLogin HostConnectFault DuplicateName
        MoveInto_Task(host: HostSystem[]): Task
                needs Host.Inventory.EditCluster
                throws DuplicateName TooManyHosts InvalidState
        MoveHostInto_Task(host: HostSystem, resourcePool: ResourcePool?): Task
                needs Host.Inventory.EditCluster
                throws TooManyHosts InvalidState
        RefreshRecommendation(): void 2.5
                needs Host.Inventory.EditCluster
        EvcManager(): ClusterEVCManager? 6.0
                needs System.Read
        RetrieveDasAdvancedRuntimeInfo(): ClusterDasAdvancedRuntimeInfo? 4.0
                needs System.Read
        ClusterEnterMaintenanceMode(host: HostSystem[], option: OptionValue[]?): ClusterEnterMaintenanceResult 5.0
                needs System.View
        PlaceVm(placementSpec: PlacementSpec): PlacementResult 6.0
                needs System.View
                throws InvalidState
        FindRulesForVm(vm: VirtualMachine): ClusterRuleInfo[]? 6.0
                needs System.View
        StampAllRulesWithUuid_Task(): Task 6.0
                needs Host.Inventory.EditCluster
        GetResourceUsage(): ClusterResourceUsageSummary 6.0
                needs System.Read
        SetCryptoMode(cryptoMode: string): void 7.0
                needs Cryptographer.RegisterHost
                throws InvalidRequest InvalidArgument

data ClusterComputeResourceClusterConfigResult : DynamicData 6.7.1
        failedHosts: FolderFailedHostResult[]?
        configuredHosts: HostSystem[]?

data ClusterComputeResourceDVSConfigurationValidation : ClusterComputeResourceValidationResultBase 6.7.1
        isDvsValid: boolean
        isDvpgValid: boolean

data ClusterComputeResourceDVSSetting : DynamicData 6.7.1
        dvSwitch: DistributedVirtualSwitch
        pnicDevices: string[]?
        dvPortgroupSetting: ClusterComputeResourceDVSSettingDVPortgroupToServiceMapping[]?

data ClusterComputeResourceDVSSettingDVPortgroupToServiceMapping : DynamicData 6.7.1
        dvPortgroup: DistributedVirtualPortgroup
        service: string

data ClusterComputeResourceDvsProfile : DynamicData 6.7.1
        dvsName: string?
        dvSwitch: DistributedVirtualSwitch?
        pnicDevices: string[]?
        dvPortgroupMapping: ClusterComputeResourceDvsProfileDVPortgroupSpecToServiceMapping[]?

data ClusterComputeResourceDvsProfileDVPortgroupSpecToServiceMapping : DynamicData 6.7.1
        dvPortgroupSpec: DVPortgroupConfigSpec?
        dvPortgroup: DistributedVirtualPortgroup?
        service: string

data ClusterComputeResourceHCIConfigInfo : DynamicData 6.7.1
        workflowState: string
        dvsSetting: ClusterComputeResourceDVSSetting[]?
        configuredHosts: HostSystem[]?
        hostConfigProfile: ClusterComputeResourceHostConfigurationProfile?

data ClusterComputeResourceHCIConfigSpec : DynamicData 6.7.1
        dvsProf: ClusterComputeResourceDvsProfile[]?
        hostConfigProfile: ClusterComputeResourceHostConfigurationProfile?
        vSanConfigSpec: SDDCBase?
        vcProf: ClusterComputeResourceVCProfile?

enum ClusterComputeResourceHCIWorkflowState 6.7.1
        in_progress
        done
        invalid

data ClusterComputeResourceHostConfigurationInput : DynamicData 6.7.1
        host: HostSystem
        hostVmkNics: ClusterComputeResourceHostVmkNicInfo[]?
        allowedInNonMaintenanceMode: boolean?

data ClusterComputeResourceHostConfigurationProfile : DynamicData 6.7.1
        dateTimeConfig: HostDateTimeConfig?
        lockdownMode: HostLockdownMode?

data ClusterComputeResourceHostConfigurationValidation : ClusterComputeResourceValidationResultBase 6.7.1
        host: HostSystem
        isDvsSettingValid: boolean?
        isVmknicSettingValid: boolean?
        isNtpSettingValid: boolean?
        isLockdownModeValid: boolean?

data ClusterComputeResourceHostVmkNicInfo : DynamicData 6.7.1
        nicSpec: HostVirtualNicSpec
        service: string

data ClusterComputeResourceSummary : ComputeResourceSummary 2.0
        currentFailoverLevel: int
        admissionControlInfo: ClusterDasAdmissionControlInfo? 4.0
        numVmotions: int
        targetBalance: int? 4.0
        currentBalance: int? 4.0
        drsScore: int? 7.0
        numVmsPerDrsScoreBucket: int[]? 7.0
        usageSummary: ClusterUsageSummary? 6.0
        currentEVCModeKey: string? 4.0
        dasData: ClusterDasData? 5.0

data ClusterComputeResourceVCProfile : DynamicData 6.7.1
        clusterSpec: ClusterConfigSpecEx?
        evcModeKey: string?

data ClusterComputeResourceValidationResultBase : DynamicData 6.7.1
        info: LocalizableMessage[]?

data ClusterIoFilterInfo : IoFilterInfo 6.0
        opType: string
        vibUrl: string? 6.5

data ClusterNetworkConfigSpec : DynamicData 6.5
        networkPortGroup: Network
        ipSettings: CustomizationIPSettings

managed ComputeResource : ManagedEntity 2.0
        resourcePool: ResourcePool? needs System.View
        host: HostSystem[]? needs System.View
        datastore: Datastore[]? needs System.View
        network: Network[]? needs System.View
        summary: ComputeResourceSummary
        environmentBrowser: EnvironmentBrowser? needs System.View
        configurationEx: ComputeResourceConfigInfo 2.5
        lifecycleManaged: boolean? 6.9.1 needs System.View
        ReconfigureComputeResource_Task(spec: ComputeResourceConfigSpec, modify: boolean): Task 2.5
                needs Host.Inventory.EditCluster

data ComputeResourceConfigInfo : DynamicData 2.5
        vmSwapPlacement: string
        spbmEnabled: boolean? 5.0
        defaultHardwareVersionKey: string? 5.1

data ComputeResourceConfigSpec : DynamicData 2.5
        vmSwapPlacement: string?
        spbmEnabled: boolean? 5.0
        defaultHardwareVersionKey: string? 5.1
        desiredSoftwareSpec: DesiredSoftwareSpec? 7.0

data ComputeResourceHostSPBMLicenseInfo : DynamicData 5.0
        host: HostSystem
        licenseState: ComputeResourceHostSPBMLicenseInfoHostSPBMLicenseState

enum ComputeResourceHostSPBMLicenseInfoHostSPBMLicenseState 5.0
        licensed
        unlicensed
        unknown

data ComputeResourceSummary : DynamicData 2.0
        totalCpu: int
        totalMemory: long
        numCpuCores: short
        numCpuThreads: short
        effectiveCpu: int
        effectiveMemory: long
        numHosts: int
        numEffectiveHosts: int
        overallStatus: ManagedEntityStatus

enum ConfigSpecOperation 4.0
        add
        edit
        remove

managed ContainerView : ManagedObjectView 2.5
        container: ManagedEntity
        type: TypeName[]?
        recursive: boolean

data CreateTaskAction : Action 2.5
        taskTypeId: string
        cancelable: boolean

data CryptoKeyId : DynamicData 6.5
        keyId: string
        providerId: KeyProviderId?

data CryptoKeyPlain : DynamicData 6.5
        keyId: CryptoKeyId
        algorithm: string
        keyData: string

data CryptoKeyResult : DynamicData 6.5
        keyId: CryptoKeyId
        success: boolean
        reason: string?

managed CryptoManager : ManagedObject 6.5
        enabled: boolean
        AddKey(key: CryptoKeyPlain): void
                needs Cryptographer.ManageKeys
                throws AlreadyExists InvalidState
        AddKeys(keys: CryptoKeyPlain[]?): CryptoKeyResult[]?
                needs Cryptographer.ManageKeys
                throws InvalidState
        RemoveKey(key: CryptoKeyId, force: boolean): void
                needs Cryptographer.ManageKeys
                throws ResourceInUse
        RemoveKeys(keys: CryptoKeyId[]?, force: boolean): CryptoKeyResult[]?
                needs Cryptographer.ManageKeys
        ListKeys(limit: int?): CryptoKeyId[]?
                needs Cryptographer.ManageKeys

managed CryptoManagerHost : CryptoManager 6.7
        CryptoManagerHostPrepare(): void
                needs Cryptographer.RegisterHost
                throws InvalidState
        CryptoManagerHostEnable(initialKey: CryptoKeyPlain): void
                needs Cryptographer.RegisterHost
                throws InvalidState AlreadyExists
        ChangeKey_Task(newKey: CryptoKeyPlain): Task
                needs Cryptographer.RegisterHost
                throws InvalidState
        CryptoManagerHostDisable(): void 7.0
                needs Cryptographer.RegisterHost
                throws InvalidState

managed CryptoManagerHostKMS : CryptoManagerHost 6.7

managed CryptoManagerKmip : CryptoManager 6.5
        kmipServers: KmipClusterInfo[]?
        RegisterKmipServer(server: KmipServerSpec): void
                needs Cryptographer.ManageKeyServers
        MarkDefault(clusterId: KeyProviderId): void
                needs Cryptographer.ManageKeyServers
        UpdateKmipServer(server: KmipServerSpec): void
                needs Cryptographer.ManageKeyServers
        RemoveKmipServer(clusterId: KeyProviderId, serverName: string): void
                needs Cryptographer.ManageKeyServers
        ListKmipServers(limit: int?): KmipClusterInfo[]?
                needs Cryptographer.ManageKeyServers
        RetrieveKmipServersStatus_Task(clusters: KmipClusterInfo[]?): Task?
                needs Cryptographer.ManageKeyServers
        GenerateKey(keyProvider: KeyProviderId?): CryptoKeyResult
                needs Cryptographer.ManageKeys
        RetrieveKmipServerCert(keyProvider: KeyProviderId, server: KmipServerInfo): CryptoManagerKmipServerCertInfo
                needs Cryptographer.ManageKeyServers
        UploadKmipServerCert(cluster: KeyProviderId, certificate: string): void
                needs Cryptographer.ManageKeyServers
        GenerateSelfSignedClientCert(cluster: KeyProviderId): string
                needs Cryptographer.ManageKeyServers
        GenerateClientCsr(cluster: KeyProviderId): string
                needs Cryptographer.ManageKeyServers
        RetrieveSelfSignedClientCert(cluster: KeyProviderId): string
                needs Cryptographer.ManageKeyServers
        RetrieveClientCsr(cluster: KeyProviderId): string
                needs Cryptographer.ManageKeyServers
        RetrieveClientCert(cluster: KeyProviderId): string
                needs Cryptographer.ManageKeyServers
        UpdateSelfSignedClientCert(cluster: KeyProviderId, certificate: string): void
                needs Cryptographer.ManageKeyServers
        UpdateKmsSignedCsrClientCert(cluster: KeyProviderId, certificate: string): void
                needs Cryptographer.ManageKeyServers
        UploadClientCert(cluster: KeyProviderId, certificate: string, privateKey: string): void
                needs Cryptographer.ManageKeyServers
        IsKmsClusterActive(cluster: KeyProviderId?): boolean 7.0
                needs Cryptographer.ManageKeyServers
                throws InvalidArgument
        SetDefaultKmsCluster(entity: ManagedEntity?, clusterId: KeyProviderId?): void 7.0
                needs Cryptographer.ManageKeyServers
        GetDefaultKmsCluster(entity: ManagedEntity?, defaultsToParent: boolean?): KeyProviderId? 7.0
                needs Cryptographer.ManageKeyServers
        QueryCryptoKeyStatus(keyIds: CryptoKeyId[]?, checkKeyBitMap: int): CryptoManagerKmipCryptoKeyStatus[]? 6.7.2
                needs Cryptographer.ManageKeys
        RegisterKmsCluster(clusterId: KeyProviderId, managementType: string?): void 7.0
                needs Cryptographer.ManageKeyServers
        UnregisterKmsCluster(clusterId: KeyProviderId): void 7.0
                needs Cryptographer.ManageKeyServers
        ListKmsClusters(includeKmsServers: boolean?, managementTypeFilter: int?, statusFilter: int?): KmipClusterInfo[]? 7.0
                needs Cryptographer.ManageKeyServers

data CryptoManagerKmipCertificateInfo : DynamicData 6.5
        subject: string
        issuer: string
        serialNumber: string
        notBefore: dateTime
        notAfter: dateTime
        fingerprint: string
        checkTime: dateTime
        secondsSinceValid: int?
        secondsBeforeExpire: int?

data CryptoManagerKmipClusterStatus : DynamicData 6.5
        clusterId: KeyProviderId
        overallStatus: ManagedEntityStatus? 7.0
        managementType: string? 7.0
        servers: CryptoManagerKmipServerStatus[]
        clientCertInfo: CryptoManagerKmipCertificateInfo?

data CryptoManagerKmipCryptoKeyStatus : DynamicData 6.7.2
        keyId: CryptoKeyId
        keyAvailable: boolean?
        reason: string?
        encryptedVMs: VirtualMachine[]?
        affectedHosts: HostSystem[]?
        referencedByTags: string[]?

enum CryptoManagerKmipCryptoKeyStatusKeyUnavailableReason 6.7.2
        KeyStateMissingInCache
        KeyStateClusterInvalid
        KeyStateClusterUnreachable
        KeyStateMissingInKMS
        KeyStateNotActiveOrEnabled
        KeyStateManagedByTrustAuthority 7.0

data CryptoManagerKmipServerCertInfo : DynamicData 6.5
        certificate: string
        certInfo: CryptoManagerKmipCertificateInfo?
        clientTrustServer: boolean?

data CryptoManagerKmipServerStatus : DynamicData 6.5
        name: string
        status: ManagedEntityStatus
        connectionStatus: string
        certInfo: CryptoManagerKmipCertificateInfo?
        clientTrustServer: boolean?
        serverTrustClient: boolean?

data CryptoSpec : DynamicData 6.5

data CryptoSpecDecrypt : CryptoSpec 6.5

data CryptoSpecDeepRecrypt : CryptoSpec 6.5
        newKeyId: CryptoKeyId

data CryptoSpecEncrypt : CryptoSpec 6.5
        cryptoKeyId: CryptoKeyId

data CryptoSpecNoOp : CryptoSpec 6.5

data CryptoSpecRegister : CryptoSpecNoOp 6.5
        cryptoKeyId: CryptoKeyId

data CryptoSpecShallowRecrypt : CryptoSpec 6.5
        newKeyId: CryptoKeyId

data CustomFieldDef : DynamicData 2.0
        key: int
        name: string
        type: TypeName
        managedObjectType: TypeName? 2.5
        fieldDefPrivileges: PrivilegePolicyDef? 2.5
        fieldInstancePrivileges: PrivilegePolicyDef? 2.5

data CustomFieldStringValue : CustomFieldValue 2.0
        value: string

data CustomFieldValue : DynamicData 2.0
        key: int

managed CustomFieldsManager : ManagedObject 2.0
        field: CustomFieldDef[]? needs System.View
        AddCustomFieldDef(name: string, moType: TypeName? 2.5, fieldDefPolicy: PrivilegePolicyDef? 2.5, fieldPolicy: PrivilegePolicyDef? 2.5): CustomFieldDef
                needs Global.ManageCustomFields
                throws DuplicateName InvalidPrivilege
        RemoveCustomFieldDef(key: int): void
                needs Global.ManageCustomFields
        RenameCustomFieldDef(key: int, name: string): void
                needs Global.ManageCustomFields
                throws DuplicateName
        SetField(entity: ManagedEntity, key: int, value: string): void

data CustomizationSpecInfo : DynamicData 2.0
        name: string
        description: string
        type: string
        changeVersion: string?
        lastUpdateTime: dateTime?

data CustomizationSpecItem : DynamicData 2.0
        info: CustomizationSpecInfo
        spec: CustomizationSpec

managed CustomizationSpecManager : ManagedObject 2.0
        info: CustomizationSpecInfo[]? needs VirtualMachine.Provisioning.ReadCustSpecs
        encryptionKey: byte[]? needs System.View
        DoesCustomizationSpecExist(name: string): boolean
                needs VirtualMachine.Provisioning.ReadCustSpecs
        GetCustomizationSpec(name: string): CustomizationSpecItem
                needs VirtualMachine.Provisioning.ReadCustSpecs
                throws NotFound
        CreateCustomizationSpec(item: CustomizationSpecItem): void
                needs VirtualMachine.Provisioning.ModifyCustSpecs
                throws CustomizationFault AlreadyExists
        OverwriteCustomizationSpec(item: CustomizationSpecItem): void
                needs VirtualMachine.Provisioning.ModifyCustSpecs
                throws CustomizationFault NotFound ConcurrentAccess
        DeleteCustomizationSpec(name: string): void
                needs VirtualMachine.Provisioning.ModifyCustSpecs
                throws NotFound
        DuplicateCustomizationSpec(name: string, newName: string): void
                needs VirtualMachine.Provisioning.ModifyCustSpecs
                throws NotFound AlreadyExists
        RenameCustomizationSpec(name: string, newName: string): void
                needs VirtualMachine.Provisioning.ModifyCustSpecs
                throws NotFound AlreadyExists
        CustomizationSpecItemToXml(item: CustomizationSpecItem): string
                needs System.View
        XmlToCustomizationSpecItem(specItemXml: string): CustomizationSpecItem
                needs System.View
                throws CustomizationFault
        CheckCustomizationResources(guestOs: string): void
                needs System.View
                throws CustomizationFault

data DVSBackupRestoreCapability : DynamicData 5.1
        backupRestoreSupported: boolean

data DVSCapability : DynamicData 4.0
        dvsOperationSupported: boolean?
        dvPortGroupOperationSupported: boolean?
        dvPortOperationSupported: boolean?
        compatibleHostComponentProductInfo: DistributedVirtualSwitchHostProductSpec[]?
        featuresSupported: DVSFeatureCapability? 4.1

data DVSConfigInfo : DynamicData 4.0
        uuid: string
        name: string
        numStandalonePorts: int
        numPorts: int
        maxPorts: int
        uplinkPortPolicy: DVSUplinkPortPolicy
        uplinkPortgroup: DistributedVirtualPortgroup[]?
        defaultPortConfig: DVPortSetting
        host: DistributedVirtualSwitchHostMember[]?
        productInfo: DistributedVirtualSwitchProductSpec
        targetInfo: DistributedVirtualSwitchProductSpec?
        extensionKey: string?
        vendorSpecificConfig: DistributedVirtualSwitchKeyedOpaqueBlob[]?
        policy: DVSPolicy?
        description: string?
        configVersion: string
        contact: DVSContactInfo
        switchIpAddress: string? 5.0
        createTime: dateTime
        networkResourceManagementEnabled: boolean 4.1
        defaultProxySwitchMaxNumPorts: int? 5.1
        healthCheckConfig: DVSHealthCheckConfig[]? 5.1
        infrastructureTrafficResourceConfig: DvsHostInfrastructureTrafficResource[]? 6.0
        netResourcePoolTrafficResourceConfig: DvsHostInfrastructureTrafficResource[]? 6.7
        networkResourceControlVersion: string? 6.0
        vmVnicNetworkResourcePool: DVSVmVnicNetworkResourcePool[]? 6.0
        pnicCapacityRatioForReservation: int? 6.0

data DVSConfigSpec : DynamicData 4.0
        configVersion: string?
        name: string?
        numStandalonePorts: int?
        maxPorts: int?
        uplinkPortPolicy: DVSUplinkPortPolicy?
        uplinkPortgroup: DistributedVirtualPortgroup[]?
        defaultPortConfig: DVPortSetting?
        host: DistributedVirtualSwitchHostMemberConfigSpec[]?
        extensionKey: string?
        description: string?
        policy: DVSPolicy?
        vendorSpecificConfig: DistributedVirtualSwitchKeyedOpaqueBlob[]?
        contact: DVSContactInfo?
        switchIpAddress: string? 5.0
        defaultProxySwitchMaxNumPorts: int? 5.1
        infrastructureTrafficResourceConfig: DvsHostInfrastructureTrafficResource[]? 6.0
        netResourcePoolTrafficResourceConfig: DvsHostInfrastructureTrafficResource[]? 6.7
        networkResourceControlVersion: string? 6.0

data DVSContactInfo : DynamicData 4.0
        name: string?
        contact: string?

data DVSCreateSpec : DynamicData 4.0
        configSpec: DVSConfigSpec
        productInfo: DistributedVirtualSwitchProductSpec?
        capability: DVSCapability?

data DVSFeatureCapability : DynamicData 4.1
        networkResourceManagementSupported: boolean
        vmDirectPathGen2Supported: boolean
        nicTeamingPolicy: string[]?
        networkResourcePoolHighShareValue: int?
        networkResourceManagementCapability: DVSNetworkResourceManagementCapability? 5.0
        healthCheckCapability: DVSHealthCheckCapability? 5.1
        rollbackCapability: DVSRollbackCapability? 5.1
        backupRestoreCapability: DVSBackupRestoreCapability? 5.1
        networkFilterSupported: boolean? 5.5
        macLearningSupported: boolean? 6.7

data DVSHealthCheckCapability : DynamicData 5.1

data DVSHealthCheckConfig : DynamicData 5.1
        enable: boolean?
        interval: int?

data DVSNameArrayUplinkPortPolicy : DVSUplinkPortPolicy 4.0
        uplinkPortName: string[]

data DVSNetworkResourceManagementCapability : DynamicData 5.0
        networkResourceManagementSupported: boolean
        networkResourcePoolHighShareValue: int
        qosSupported: boolean
        userDefinedNetworkResourcePoolsSupported: boolean
        networkResourceControlVersion3Supported: boolean? 6.0
        userDefinedInfraTrafficPoolSupported: boolean? 6.7

data DVSPolicy : DynamicData 4.0
        autoPreInstallAllowed: boolean?
        autoUpgradeAllowed: boolean?
        partialUpgradeAllowed: boolean?

data DVSRollbackCapability : DynamicData 5.1
        rollbackSupported: boolean

data DVSRuntimeInfo : DynamicData 5.1
        hostMemberRuntime: HostMemberRuntimeInfo[]?
        resourceRuntimeInfo: DvsResourceRuntimeInfo? 6.0

data DVSSummary : DynamicData 4.0
        name: string
        uuid: string
        numPorts: int
        productInfo: DistributedVirtualSwitchProductSpec?
        hostMember: HostSystem[]?
        vm: VirtualMachine[]?
        host: HostSystem[]?
        portgroupName: string[]?
        description: string?
        contact: DVSContactInfo?
        numHosts: int? 5.5

data DVSUplinkPortPolicy : DynamicData 4.0

data DatabaseSizeEstimate : DynamicData 4.0
        size: long

data DatabaseSizeParam : DynamicData 4.0
        inventoryDesc: InventoryDescription
        perfStatsDesc: PerformanceStatisticsDescription?

managed Datacenter : ManagedEntity 2.0
        vmFolder: Folder needs System.View
        hostFolder: Folder needs System.View
        datastoreFolder: Folder 4.0 needs System.View
        networkFolder: Folder 4.0 needs System.View
        datastore: Datastore[]?
        network: Network[]?
        configuration: DatacenterConfigInfo 5.1 needs System.View
        BatchQueryConnectInfo(hostSpecs: HostConnectSpec[]?): DatacenterBasicConnectInfo[]? 6.7.1
                needs System.View
        QueryConnectionInfo(hostname: string, port: int, username: string, password: string, sslThumbprint: string? 2.5): HostConnectInfo
                needs System.View
                throws InvalidLogin HostConnectFault
        QueryConnectionInfoViaSpec(spec: HostConnectSpec): HostConnectInfo 6.0
                needs System.View
                throws InvalidLogin HostConnectFault
        PowerOnMultiVM_Task(vm: VirtualMachine[], option: OptionValue[]? 4.1): Task 2.5
                needs System.View
        queryDatacenterConfigOptionDescriptor(): VirtualMachineConfigOptionDescriptor[]? 5.1
                needs System.View
        ReconfigureDatacenter_Task(spec: DatacenterConfigSpec, modify: boolean): Task 5.1
                needs Datacenter.Reconfigure

data DatacenterBasicConnectInfo : DynamicData 6.7.1
        hostname: string?
        error: LocalizedMethodFault?
        serverIp: string?
        numVm: int?
        numPoweredOnVm: int?
        hostProductInfo: AboutInfo?
        hardwareVendor: string?
        hardwareModel: string?

data DatacenterConfigInfo : DynamicData 5.1
        defaultHardwareVersionKey: string?

data DatacenterConfigSpec : DynamicData 5.1
        defaultHardwareVersionKey: string?

managed Datastore : ManagedEntity 2.0
        info: DatastoreInfo
        summary: DatastoreSummary
        host: DatastoreHostMount[]?
        vm: VirtualMachine[]?
        browser: HostDatastoreBrowser
        capability: DatastoreCapability
        iormConfiguration: StorageIORMInfo? 4.1
        RefreshDatastore(): void
                needs System.Read
                throws NotFound HostConfigFault
        RefreshDatastoreStorageInfo(): void 4.0
                needs System.Read
        UpdateVirtualMachineFiles_Task(mountPathDatastoreMapping: DatastoreMountPathDatastorePair[]): Task 4.1
                needs Datastore.UpdateVirtualMachineFiles
                throws ResourceInUse PlatformConfigFault TaskInProgress InvalidDatastore
        RenameDatastore(newName: string): void
                needs Datastore.Rename
                throws DuplicateName InvalidName
        DestroyDatastore(): void
                needs Datastore.Delete
                throws ResourceInUse
        DatastoreEnterMaintenanceMode(): StoragePlacementResult 5.0
                needs Datastore.Config
                throws InvalidState
        DatastoreExitMaintenanceMode_Task(): Task 5.0
                needs Datastore.Config
                throws InvalidState
        UpdateVVolVirtualMachineFiles_Task(failoverPair: DatastoreVVolContainerFailoverPair[]?): Task 6.5
                needs Datastore.UpdateVirtualMachineFiles
                throws NotSupported PlatformConfigFault TaskInProgress InvalidDatastore

enum DatastoreAccessible 4.0
        True
        False

data DatastoreCapability : DynamicData 2.0
        directoryHierarchySupported: boolean
        rawDiskMappingsSupported: boolean
        perFileThinProvisioningSupported: boolean
        storageIORMSupported: boolean 4.1
        nativeSnapshotSupported: boolean 5.1
        topLevelDirectoryCreateSupported: boolean? 5.5
        seSparseSupported: boolean? 5.5
        vmfsSparseSupported: boolean? 6.5
        vsanSparseSupported: boolean? 6.5
        upitSupported: boolean? 6.5
        vmdkExpandSupported: boolean? 6.7
        clusteredVmdkSupported: boolean? 7.0

data DatastoreHostMount : DynamicData 2.0
        key: HostSystem
        mountInfo: HostMountInfo

data DatastoreInfo : DynamicData 2.0
        name: string
        url: string
        freeSpace: long
        maxFileSize: long
        maxVirtualDiskCapacity: long? 5.5
        maxMemoryFileSize: long 6.0
        timestamp: dateTime? 4.0
        containerId: string? 5.5
        aliasOf: string? 6.7.1

data DatastoreMountPathDatastorePair : DynamicData 4.1
        oldMountPath: string
        datastore: Datastore

managed DatastoreNamespaceManager : ManagedObject 5.5
        CreateDirectory(datastore: Datastore, displayName: string?, policy: string?): string
                throws CannotCreateFile FileAlreadyExists InvalidDatastore
        DeleteDirectory(datacenter: Datacenter?, datastorePath: string): void
                throws FileFault FileNotFound InvalidDatastore InvalidDatastorePath
        ConvertNamespacePathToUuidPath(datacenter: Datacenter?, namespaceUrl: string): string 6.5
                needs System.View
                throws InvalidDatastore InvalidDatastorePath

data DatastoreSummary : DynamicData 2.0
        datastore: Datastore?
        name: string
        url: string
        capacity: long
        freeSpace: long
        uncommitted: long? 4.0
        accessible: boolean
        multipleHostAccess: boolean?
        type: string
        maintenanceMode: string? 5.0

enum DatastoreSummaryMaintenanceModeState 5.0
        normal
        enteringMaintenance
        inMaintenance

data DatastoreVVolContainerFailoverPair : DynamicData 6.5
        srcContainer: string?
        tgtContainer: string
        vvolMapping: KeyValue[]?

data Description : DynamicData 2.0
        label: string
        summary: string

data DesiredSoftwareSpec : DynamicData 7.0
        baseImageSpec: DesiredSoftwareSpecBaseImageSpec
        vendorAddOnSpec: DesiredSoftwareSpecVendorAddOnSpec?

data DesiredSoftwareSpecBaseImageSpec : DynamicData 7.0
        version: string

data DesiredSoftwareSpecVendorAddOnSpec : DynamicData 7.0
        name: string
        version: string

data DeviceBackedVirtualDiskSpec : VirtualDiskSpec 2.5
        device: string

managed DiagnosticManager : ManagedObject 2.0
        QueryDescriptions(host: HostSystem?): DiagnosticManagerLogDescriptor[]?
                needs Global.Diagnostics
        BrowseDiagnosticLog(host: HostSystem?, key: string, start: int?, lines: int?): DiagnosticManagerLogHeader
                needs Global.Diagnostics
                throws CannotAccessFile
        GenerateLogBundles_Task(includeDefault: boolean, host: HostSystem[]?): Task?
                needs Global.Diagnostics
                throws LogBundlingFailed TaskInProgress

data DiagnosticManagerBundleInfo : DynamicData 2.0
        system: HostSystem?
        url: string

enum DiagnosticManagerLogCreator 2.0
        vpxd
        vpxa
        hostd
        serverd
        install
        vpxClient
        recordLog 2.5

data DiagnosticManagerLogDescriptor : DynamicData 2.0
        key: string
        fileName: string
        creator: string
        format: string
        mimeType: string
        info: Description

enum DiagnosticManagerLogFormat 2.0
        plain

data DiagnosticManagerLogHeader : DynamicData 2.0
        lineStart: int
        lineEnd: int
        lineText: string[]?

data DiskCryptoSpec : DynamicData 7.0
        parent: DiskCryptoSpec?
        crypto: CryptoSpec

managed DistributedVirtualSwitch : ManagedEntity 4.0
        uuid: string
        capability: DVSCapability
        summary: DVSSummary
        config: DVSConfigInfo
        networkResourcePool: DVSNetworkResourcePool[]? 4.1
        portgroup: DistributedVirtualPortgroup[]?
        runtime: DVSRuntimeInfo? 5.1
        FetchDVPortKeys(criteria: DistributedVirtualSwitchPortCriteria?): string[]?
                needs System.Read
        FetchDVPorts(criteria: DistributedVirtualSwitchPortCriteria?): DistributedVirtualPort[]?
                needs System.Read
        QueryUsedVlanIdInDvs(): int[]?
                needs System.Read
        ReconfigureDvs_Task(spec: DVSConfigSpec): Task
                throws DvsFault ConcurrentAccess DuplicateName InvalidState InvalidName NotFound
                        AlreadyExists LimitExceeded ResourceInUse ResourceNotAvailable DvsNotAuthorized
        PerformDvsProductSpecOperation_Task(operation: string, productSpec: DistributedVirtualSwitchProductSpec?): Task
                needs DVSwitch.Modify
                throws TaskInProgress InvalidState DvsFault
        MergeDvs_Task(dvs: DistributedVirtualSwitch): Task
                needs DVSwitch.Modify
                throws DvsFault NotFound ResourceInUse InvalidHostState
        AddDVPortgroup_Task(spec: DVPortgroupConfigSpec[]): Task
                needs DVPortgroup.Create
                throws DvsFault DuplicateName InvalidName
        MoveDVPort_Task(portKey: string[], destinationPortgroupKey: string?): Task
                needs DVSwitch.Modify
                throws DvsFault NotFound ConcurrentAccess
        UpdateDvsCapability(capability: DVSCapability): void
                needs DVSwitch.Modify
                throws DvsFault
        ReconfigureDVPort_Task(port: DVPortConfigSpec[]): Task
                needs DVSwitch.PortConfig
                throws DvsFault NotFound ResourceInUse ConcurrentAccess
        RefreshDVPortState(portKeys: string[]?): void
                needs System.Read
                throws DvsFault NotFound
        RectifyDvsHost_Task(hosts: HostSystem[]?): Task
                needs System.Read
                throws DvsFault NotFound
        UpdateNetworkResourcePool(configSpec: DVSNetworkResourcePoolConfigSpec[]): void 4.1
                needs DVSwitch.ResourceManagement
                throws DvsFault NotFound InvalidName ConcurrentAccess
        AddNetworkResourcePool(configSpec: DVSNetworkResourcePoolConfigSpec[]): void 5.0
                needs DVSwitch.ResourceManagement
                throws DvsFault InvalidName
        RemoveNetworkResourcePool(key: string[]): void 5.0
                needs DVSwitch.ResourceManagement
                throws DvsFault NotFound InvalidName ResourceInUse
        DvsReconfigureVmVnicNetworkResourcePool_Task(configSpec: DvsVmVnicResourcePoolConfigSpec[]): Task 6.0
                needs DVSwitch.ResourceManagement
                throws DvsFault NotFound InvalidName ConcurrentAccess ConflictingConfiguration ResourceInUse
        EnableNetworkResourceManagement(enable: boolean): void 4.1
                needs DVSwitch.ResourceManagement
                throws DvsFault
        DVSRollback_Task(entityBackup: EntityBackupConfig?): Task? 5.1
                throws DvsFault RollbackFailure
        CreateDVPortgroup_Task(spec: DVPortgroupConfigSpec): Task 5.1
                needs DVPortgroup.Create
                throws DvsFault DuplicateName InvalidName
        UpdateDVSHealthCheckConfig_Task(healthCheckConfig: DVSHealthCheckConfig[]): Task 5.1
                needs DVSwitch.Modify
                throws DvsFault
        LookupDvPortGroup(portgroupKey: string): DistributedVirtualPortgroup? 5.1
                needs System.Read
                throws NotFound

enum DistributedVirtualSwitchHostInfrastructureTrafficClass 5.5
        management
        faultTolerance
        vmotion
        virtualMachine
        iSCSI
        nfs
        hbr
        vsan
        vdp 6.0

enum DistributedVirtualSwitchNetworkResourceControlVersion 6.0
        version2
        version3

enum DistributedVirtualSwitchNicTeamingPolicyMode 4.1
        loadbalance_ip
        loadbalance_srcmac
        loadbalance_srcid
        failover_explicit
        loadbalance_loadbased

enum DistributedVirtualSwitchProductSpecOperationType 4.0
        preInstall
        upgrade
        notifyAvailableUpgrade
        proceedWithUpgrade
        updateBundleInfo

enum DrsInjectorWorkloadCorrelationState 5.1
        Correlated
        Uncorrelated

data DvsHostInfrastructureTrafficResource : DynamicData 6.0
        key: string
        description: string?
        allocationInfo: DvsHostInfrastructureTrafficResourceAllocation

data DvsHostInfrastructureTrafficResourceAllocation : DynamicData 6.0
        limit: long?
        shares: SharesInfo?
        reservation: long?

data DvsResourceRuntimeInfo : DynamicData 6.0
        capacity: int?
        usage: int?
        available: int?
        allocatedResource: DvsVnicAllocatedResource[]?
        vmVnicNetworkResourcePoolRuntime: DvsVmVnicNetworkResourcePoolRuntimeInfo[]?

data EVCMode : ElementDescription 4.0
        guaranteedCPUFeatures: HostCpuIdInfo[]? 4.1
        featureCapability: HostFeatureCapability[]? 5.1
        featureMask: HostFeatureMask[]? 5.1
        featureRequirement: VirtualMachineFeatureRequirement[]? 5.1
        vendor: string
        track: string[] 4.1
        vendorTier: int

data ElementDescription : Description 2.0
        key: string

data EntityPrivilege : DynamicData 5.5
        entity: ManagedEntity
        privAvailability: PrivilegeAvailability[]

data EnumDescription : DynamicData 4.0
        key: TypeName
        tags: ElementDescription[]

managed EnvironmentBrowser : ManagedObject 2.0
        datastoreBrowser: HostDatastoreBrowser? needs System.View
        QueryConfigOptionDescriptor(): VirtualMachineConfigOptionDescriptor[]?
                needs System.View
        QueryConfigOption(key: string?, host: HostSystem?): VirtualMachineConfigOption?
                needs System.View
        QueryConfigOptionEx(spec: EnvironmentBrowserConfigOptionQuerySpec?): VirtualMachineConfigOption? 6.0
                needs System.View
        QueryConfigTarget(host: HostSystem?): ConfigTarget?
                needs System.View
        QueryTargetCapabilities(host: HostSystem?): HostCapability? 4.0
                needs System.View

data EnvironmentBrowserConfigOptionQuerySpec : DynamicData 6.0
        key: string?
        host: HostSystem?
        guestId: string[]?

enum EsxAgentConfigManagerAgentVmState 5.0
        enabled
        disabled
        unavailable
        manuallyEnabled

data EvaluationLicenseSource : LicenseSource 2.5
        remainingHours: long?

data ExtExtendedProductInfo : DynamicData 5.0
        companyUrl: string?
        productUrl: string?
        managementUrl: string?
        self: ManagedEntity?

data ExtManagedEntityInfo : DynamicData 5.0
        type: string
        smallIconUrl: string?
        iconUrl: string? 5.1
        description: string?

data ExtSolutionManagerInfo : DynamicData 5.0
        tab: ExtSolutionManagerInfoTabInfo[]?
        smallIconUrl: string?

data ExtSolutionManagerInfoTabInfo : DynamicData 5.0
        label: string
        url: string

data ExtendedDescription : Description 4.0
        messageCatalogKeyPrefix: string
        messageArg: KeyAnyValue[]?

data ExtendedElementDescription : ElementDescription 4.0
        messageCatalogKeyPrefix: string
        messageArg: KeyAnyValue[]?

managed ExtensibleManagedObject : ManagedObject 2.0
        value: CustomFieldValue[]? 2.5 needs System.View
        availableField: CustomFieldDef[]? 2.5 needs System.View
        setCustomValue(key: string, value: string): void 2.5

data Extension : DynamicData 2.5
        description: Description
        key: string
        company: string? 4.0
        type: string? 4.0
        version: string
        subjectName: string?
        server: ExtensionServerInfo[]?
        client: ExtensionClientInfo[]?
        taskList: ExtensionTaskTypeInfo[]?
        eventList: ExtensionEventTypeInfo[]?
        faultList: ExtensionFaultTypeInfo[]?
        privilegeList: ExtensionPrivilegeInfo[]?
        resourceList: ExtensionResourceInfo[]?
        lastHeartbeatTime: dateTime
        healthInfo: ExtensionHealthInfo? 4.0
        ovfConsumerInfo: ExtensionOvfConsumerInfo? 5.0
        extendedProductInfo: ExtExtendedProductInfo? 5.0
        managedEntityInfo: ExtManagedEntityInfo[]? 5.0
        shownInSolutionManager: boolean? 5.0
        solutionManagerInfo: ExtSolutionManagerInfo? 5.0

data ExtensionClientInfo : DynamicData 2.5
        version: string
        description: Description
        company: string
        type: string
        url: string

data ExtensionEventTypeInfo : DynamicData 2.5
        eventID: string
        eventTypeSchema: string? 4.0

data ExtensionFaultTypeInfo : DynamicData 2.5
        faultID: string

data ExtensionHealthInfo : DynamicData 4.0
        url: string

managed ExtensionManager : ManagedObject 2.5
        extensionList: Extension[]? needs System.View
        UnregisterExtension(extensionKey: string): void
                needs Extension.Unregister
                throws NotFound
        FindExtension(extensionKey: string): Extension?
                needs System.View
        RegisterExtension(extension: Extension): void
                needs Extension.Register
        UpdateExtension(extension: Extension): void
                needs Extension.Update
                throws NotFound
        GetPublicKey(): string
                needs System.View
        SetPublicKey(extensionKey: string, publicKey: string): void
                needs Extension.Update
        SetExtensionCertificate(extensionKey: string, certificatePem: string?): void 4.0
                needs Extension.Update
                throws NotFound NoClientCertificate
        QueryManagedBy(extensionKey: string): ManagedEntity[]? 5.0
                needs System.View
        QueryExtensionIpAllocationUsage(extensionKeys: string[]?): ExtensionManagerIpAllocationUsage[]? 5.1
                needs System.View

data ExtensionManagerIpAllocationUsage : DynamicData 5.1
        extensionKey: string
        numAddresses: int

data ExtensionOvfConsumerInfo : DynamicData 5.0
        callbackUrl: string
        sectionType: string[]

data ExtensionPrivilegeInfo : DynamicData 2.5
        privID: string
        privGroupName: string

data ExtensionResourceInfo : DynamicData 2.5
        locale: string
        module: string
        data: KeyValue[]

data ExtensionServerInfo : DynamicData 2.5
        url: string
        description: Description
        company: string
        type: string
        adminEmail: string[]
        serverThumbprint: string? 4.1

data ExtensionTaskTypeInfo : DynamicData 2.5
        taskID: string

enum ExternalStatsManagerMetricType 6.5
        CpuActivePct
        MemoryNonZeroActiveMb

managed FailoverClusterConfigurator : ManagedObject 6.5
        disabledConfigureMethod: MethodName[]?
        prepareVcha_Task(networkSpec: VchaClusterNetworkSpec): Task
                needs Global.VCServer
        deployVcha_Task(deploymentSpec: VchaClusterDeploymentSpec): Task
                needs Global.VCServer
        configureVcha_Task(configSpec: VchaClusterConfigSpec): Task
                needs Global.VCServer
        createPassiveNode_Task(passiveDeploymentSpec: PassiveNodeDeploymentSpec, sourceVcSpec: SourceNodeSpec): Task
                needs Global.VCServer
        createWitnessNode_Task(witnessDeploymentSpec: NodeDeploymentSpec, sourceVcSpec: SourceNodeSpec): Task
                needs Global.VCServer
        getVchaConfig(): VchaClusterConfigInfo
                needs System.Read
        destroyVcha_Task(): Task
                needs Global.VCServer

managed FailoverClusterManager : ManagedObject 6.5
        disabledClusterMethod: MethodName[]?
        setClusterMode_Task(mode: string): Task
                needs Global.VCServer
        getClusterMode(): string
                needs System.Read
        GetVchaClusterHealth(): VchaClusterHealth
                needs System.Read
        initiateFailover_Task(planned: boolean): Task
                needs Global.VCServer

data FailoverNodeInfo : DynamicData 6.5
        clusterIpSettings: CustomizationIPSettings
        failoverIp: CustomizationIPSettings?
        biosUuid: string?

data FaultsByHost : DynamicData 6.7
        host: HostSystem
        faults: LocalizedMethodFault[]?

data FaultsByVM : DynamicData 6.7
        vm: VirtualMachine
        faults: LocalizedMethodFault[]?

data FileBackedVirtualDiskSpec : VirtualDiskSpec 2.5
        capacityKb: long
        profile: VirtualMachineProfileSpec[]? 5.5
        crypto: CryptoSpec? 6.5

managed FileManager : ManagedObject 2.5
        MoveDatastoreFile_Task(sourceName: string, sourceDatacenter: Datacenter?, destinationName: string, destinationDatacenter: Datacenter?, force: boolean?): Task
                throws InvalidDatastore FileFault
        CopyDatastoreFile_Task(sourceName: string, sourceDatacenter: Datacenter?, destinationName: string, destinationDatacenter: Datacenter?, force: boolean?): Task
                throws InvalidDatastore FileFault
        DeleteDatastoreFile_Task(name: string, datacenter: Datacenter?): Task
                throws InvalidDatastore FileFault
        MakeDirectory(name: string, datacenter: Datacenter?, createParentDirectories: boolean?): void
                throws InvalidDatastore FileFault
        ChangeOwner(name: string, datacenter: Datacenter?, owner: string): void 4.0
                throws InvalidDatastore FileFault UserNotFound

enum FileManagerFileType 2.5
        File
        VirtualDisk

data FloatOption : OptionType 2.0
        min: float
        max: float
        defaultValue: float

managed Folder : ManagedEntity 2.0
        childType: TypeName[]? needs System.View
        childEntity: ManagedEntity[]? needs System.View
        namespace: string? 7.0 needs System.View
        CreateFolder(name: string): Folder
                needs Folder.Create
                throws DuplicateName InvalidName
        MoveIntoFolder_Task(list: ManagedEntity[]): Task
                throws DuplicateName InvalidFolder InvalidState
        CreateVM_Task(config: VirtualMachineConfigSpec, pool: ResourcePool, host: HostSystem?): Task
                needs VirtualMachine.Inventory.Create
                throws VmConfigFault FileFault OutOfBounds DuplicateName InvalidName InvalidDatastore
                        InsufficientResourcesFault AlreadyExists InvalidState
        RegisterVM_Task(path: string, name: string?, asTemplate: boolean, pool: ResourcePool?, host: HostSystem?): Task
                needs VirtualMachine.Inventory.Register
                throws OutOfBounds DuplicateName AlreadyExists InvalidDatastore NotFound InvalidName
                        VmConfigFault InsufficientResourcesFault FileFault InvalidState
        CreateCluster(name: string, spec: ClusterConfigSpec): ClusterComputeResource
                needs Host.Inventory.CreateCluster
                throws DuplicateName InvalidName
        CreateClusterEx(name: string, spec: ClusterConfigSpecEx): ClusterComputeResource 2.5
                needs Host.Inventory.CreateCluster
                throws DuplicateName InvalidName
        AddStandaloneHost_Task(spec: HostConnectSpec, compResSpec: ComputeResourceConfigSpec? 2.5, addConnected: boolean, license: string? 4.0): Task
                needs Host.Inventory.AddStandaloneHost
                throws InvalidLogin HostConnectFault DuplicateName
        CreateDatacenter(name: string): Datacenter
                needs Datacenter.Create
                throws DuplicateName InvalidName
        UnregisterAndDestroy_Task(): Task
                needs Folder.Delete
                throws ConcurrentAccess InvalidState
        CreateDVS_Task(spec: DVSCreateSpec): Task 4.0
                needs DVSwitch.Create
                throws DvsFault DuplicateName InvalidName NotFound DvsNotAuthorized
        CreateStoragePod(name: string): StoragePod 5.0
                needs Folder.Create
                throws DuplicateName InvalidName
        BatchAddStandaloneHosts_Task(newHosts: FolderNewHostSpec[]?, compResSpec: ComputeResourceConfigSpec?, addConnected: boolean): Task 6.7.1
                needs Host.Inventory.AddStandaloneHost
        BatchAddHostsToCluster_Task(cluster: ClusterComputeResource, newHosts: FolderNewHostSpec[]?, existingHosts: HostSystem[]?, compResSpec: ComputeResourceConfigSpec?, desiredState: string?): Task 6.7.1

data FolderBatchAddHostsToClusterResult : DynamicData 6.7.1
        hostsAddedToCluster: HostSystem[]?
        hostsFailedInventoryAdd: FolderFailedHostResult[]?
        hostsFailedMoveToCluster: FolderFailedHostResult[]?

data FolderBatchAddStandaloneHostsResult : DynamicData 6.7.1
        addedHosts: HostSystem[]?
        hostsFailedInventoryAdd: FolderFailedHostResult[]?

enum FolderDesiredHostState 6.7.1
        maintenance
        non_maintenance

data FolderFailedHostResult : DynamicData 6.7.1
        hostName: string?
        host: HostSystem?
        context: LocalizableMessage
        fault: LocalizedMethodFault

data FolderNewHostSpec : DynamicData 6.7.1
        hostCnxSpec: HostConnectSpec
        esxLicense: string?

data HbrDiskMigrationAction : ClusterAction 6.0
        collectionId: string
        collectionName: string
        diskIds: string[]
        source: Datastore
        destination: Datastore
        sizeTransferred: long
        spaceUtilSrcBefore: float?
        spaceUtilDstBefore: float?
        spaceUtilSrcAfter: float?
        spaceUtilDstAfter: float?
        ioLatencySrcBefore: float?
        ioLatencyDstBefore: float?

data HbrManagerReplicationVmInfo : DynamicData 5.0
        state: string
        progressInfo: ReplicationVmProgressInfo?
        imageId: string?
        lastError: LocalizedMethodFault?

data HbrManagerVmReplicationCapability : DynamicData 6.0
        vm: VirtualMachine
        supportedQuiesceMode: string
        compressionSupported: boolean
        maxSupportedSourceDiskCapacity: long
        minRpo: long?
        fault: LocalizedMethodFault?

data HealthUpdate : DynamicData 6.5
        entity: ManagedEntity
        healthUpdateInfoId: string
        id: string
        status: ManagedEntityStatus
        remediation: string

data HealthUpdateInfo : DynamicData 6.5
        id: string
        componentType: string
        description: string

enum HealthUpdateInfoComponentType 6.5
        Memory
        Power
        Fan
        Network
        Storage

managed HealthUpdateManager : ManagedObject 6.5
        RegisterHealthUpdateProvider(name: string, healthUpdateInfo: HealthUpdateInfo[]?): string
                needs HealthUpdateProvider.Register
        UnregisterHealthUpdateProvider(providerId: string): void
                needs HealthUpdateProvider.Unregister
                throws NotFound InvalidState
        QueryProviderList(): string[]?
                needs System.View
        HasProvider(id: string): boolean
                needs System.View
        QueryProviderName(id: string): string
                needs System.View
                throws NotFound
        QueryHealthUpdateInfos(providerId: string): HealthUpdateInfo[]?
                needs System.View
                throws NotFound
        AddMonitoredEntities(providerId: string, entities: ManagedEntity[]?): void
                needs HealthUpdateProvider.Update
                throws NotFound
        RemoveMonitoredEntities(providerId: string, entities: ManagedEntity[]?): void
                needs HealthUpdateProvider.Update
                throws NotFound InvalidState
        QueryMonitoredEntities(providerId: string): ManagedEntity[]?
                needs System.View
                throws NotFound
        HasMonitoredEntity(providerId: string, entity: ManagedEntity): boolean
                needs System.View
                throws NotFound
        QueryUnmonitoredHosts(providerId: string, cluster: ClusterComputeResource): HostSystem[]?
                needs System.View
                throws NotFound
        PostHealthUpdates(providerId: string, updates: HealthUpdate[]?): void
                needs HealthUpdateProvider.Update
                throws NotFound
        QueryHealthUpdates(providerId: string): HealthUpdate[]?
                needs System.View
                throws NotFound
        AddFilter(providerId: string, filterName: string, infoIds: string[]?): string
                needs Host.Inventory.EditCluster
                throws NotFound
        QueryFilterList(providerId: string): string[]?
                needs System.View
                throws NotFound
        QueryFilterName(filterId: string): string
                needs System.View
                throws NotFound
        QueryFilterInfoIds(filterId: string): string[]?
                needs System.View
                throws NotFound
        QueryFilterEntities(filterId: string): ManagedEntity[]?
                needs System.View
                throws NotFound
        AddFilterEntities(filterId: string, entities: ManagedEntity[]?): void
                needs Host.Inventory.EditCluster
                throws NotFound
        RemoveFilterEntities(filterId: string, entities: ManagedEntity[]?): void
                needs Host.Inventory.EditCluster
                throws NotFound
        RemoveFilter(filterId: string): void
                needs Host.Inventory.EditCluster
                throws NotFound

managed HistoryCollector : ManagedObject 2.0
        filter: anyType
        SetCollectorPageSize(maxCount: int): void
        RewindCollector(): void
        ResetCollector(): void
        DestroyCollector(): void

data HostIoFilterInfo : IoFilterInfo 6.0
        available: boolean

data HostLicensableResourceInfo : DynamicData 5.0
        resource: KeyAnyValue[]

enum HostLicensableResourceKey 5.0
        numCpuPackages
        numCpuCores
        memorySize
        memoryForVms
        numVmsStarted
        numVmsStarting

data HostServiceTicket : DynamicData 2.0
        host: string?
        port: int?
        sslThumbprint: string? 2.5
        service: string
        serviceVersion: string
        sessionId: string

data HostVMotionCompatibility : DynamicData 2.0
        host: HostSystem
        compatibility: string[]?

managed HostVStorageObjectManager : VStorageObjectManagerBase 6.5
        HostCreateDisk_Task(spec: VslmCreateSpec): Task
                needs System.View
                throws FileFault InvalidDatastore
        HostRegisterDisk(path: string, name: string?): VStorageObject
                needs System.View
                throws FileFault InvalidDatastore AlreadyExists
        HostExtendDisk_Task(id: ID, datastore: Datastore, newCapacityInMB: long): Task
                needs System.View
                throws FileFault NotFound InvalidDatastore InvalidState TaskInProgress
        HostInflateDisk_Task(id: ID, datastore: Datastore): Task
                needs System.View
                throws FileFault NotFound InvalidDatastore InvalidState TaskInProgress
        HostRenameVStorageObject(id: ID, datastore: Datastore, name: string): void
                needs System.View
                throws FileFault InvalidDatastore NotFound
        HostRetrieveVStorageInfrastructureObjectPolicy(datastore: Datastore): vslmInfrastructureObjectPolicy[]? 6.7
                needs System.View
                throws InvalidDatastore NotFound InvalidState
        HostDeleteVStorageObject_Task(id: ID, datastore: Datastore): Task
                needs System.View
                throws FileFault InvalidDatastore InvalidState NotFound TaskInProgress
        HostRetrieveVStorageObject(id: ID, datastore: Datastore): VStorageObject
                needs System.View
                throws FileFault InvalidDatastore NotFound
        HostRetrieveVStorageObjectState(id: ID, datastore: Datastore): VStorageObjectStateInfo
                needs System.View
                throws FileFault InvalidDatastore NotFound
        HostListVStorageObject(datastore: Datastore): ID[]?
                needs System.View
                throws InvalidDatastore
        HostCloneVStorageObject_Task(id: ID, datastore: Datastore, spec: VslmCloneSpec): Task
                needs System.View
                throws FileFault InvalidDatastore NotFound
        HostRelocateVStorageObject_Task(id: ID, datastore: Datastore, spec: VslmRelocateSpec): Task
                needs System.View
                throws FileFault InvalidDatastore InvalidState NotFound
        HostSetVStorageObjectControlFlags(id: ID, datastore: Datastore, controlFlags: string[]?): void 6.7
                needs System.View
                throws InvalidDatastore InvalidState NotFound
        HostClearVStorageObjectControlFlags(id: ID, datastore: Datastore, controlFlags: string[]?): void 6.7
                needs System.View
                throws InvalidDatastore InvalidState NotFound
        HostReconcileDatastoreInventory_Task(datastore: Datastore): Task
                needs System.View
                throws InvalidDatastore NotFound
        HostScheduleReconcileDatastoreInventory(datastore: Datastore): void
                needs System.View
                throws InvalidDatastore NotFound
        HostVStorageObjectCreateSnapshot_Task(id: ID, datastore: Datastore, description: string): Task 6.7
                needs System.View
                throws InvalidDatastore NotFound FileFault InvalidState
        HostVStorageObjectDeleteSnapshot_Task(id: ID, datastore: Datastore, snapshotId: ID): Task 6.7
                needs System.View
                throws InvalidDatastore NotFound FileFault InvalidState
        HostVStorageObjectRetrieveSnapshotInfo(id: ID, datastore: Datastore): VStorageObjectSnapshotInfo 6.7
                needs System.View
                throws InvalidDatastore NotFound FileFault InvalidState
        HostVStorageObjectCreateDiskFromSnapshot_Task(id: ID, datastore: Datastore, snapshotId: ID, name: string, profile: VirtualMachineProfileSpec[]?, crypto: CryptoSpec?, path: string?): Task 6.7
                needs System.View
                throws InvalidDatastore NotFound FileFault InvalidState
        HostVStorageObjectRevert_Task(id: ID, datastore: Datastore, snapshotId: ID): Task 6.7
                needs System.View
                throws InvalidDatastore NotFound FileFault InvalidState
        HostUpdateVStorageObjectMetadata_Task(id: ID, datastore: Datastore, metadata: KeyValue[]?, deleteKeys: string[]?): Task 6.7.2
                needs System.View
                throws InvalidDatastore InvalidState NotFound
        HostRetrieveVStorageObjectMetadata(id: ID, datastore: Datastore, snapshotId: ID?, prefix: string?): KeyValue[]? 6.7.2
                needs System.View
                throws InvalidDatastore InvalidState NotFound
        HostRetrieveVStorageObjectMetadataValue(id: ID, datastore: Datastore, snapshotId: ID?, key: string): string 6.7.2
                needs System.View
                throws InvalidDatastore InvalidState NotFound KeyNotFound

managed HttpNfcLease : ManagedObject 4.0
        initializeProgress: int
        transferProgress: int 6.7
        mode: string 6.7
        capabilities: HttpNfcLeaseCapabilities 6.7
        info: HttpNfcLeaseInfo?
        state: HttpNfcLeaseState
        error: LocalizedMethodFault?
        HttpNfcLeaseGetManifest(): HttpNfcLeaseManifestEntry[]? 4.1
                throws Timedout InvalidState
        HttpNfcLeaseSetManifestChecksumType(deviceUrlsToChecksumTypes: KeyValue[]?): void 6.7
                throws InvalidState
        HttpNfcLeaseComplete(): void
                throws Timedout InvalidState
        HttpNfcLeaseAbort(fault: LocalizedMethodFault?): void
                throws Timedout InvalidState
        HttpNfcLeaseProgress(percent: int): void
                throws Timedout
        HttpNfcLeasePullFromUrls_Task(files: HttpNfcLeaseSourceFile[]?): Task 6.7
                throws InvalidState HttpFault SSLVerifyFault

data HttpNfcLeaseCapabilities : DynamicData 6.7
        pullModeSupported: boolean
        corsSupported: boolean

data HttpNfcLeaseDatastoreLeaseInfo : DynamicData 4.1
        datastoreKey: string
        hosts: HttpNfcLeaseHostInfo[]

data HttpNfcLeaseDeviceUrl : DynamicData 4.0
        key: string
        importKey: string
        url: string
        sslThumbprint: string
        disk: boolean? 4.1
        targetId: string? 4.1
        datastoreKey: string? 4.1
        fileSize: long? 4.1

data HttpNfcLeaseHostInfo : DynamicData 4.1
        url: string
        sslThumbprint: string

data HttpNfcLeaseInfo : DynamicData 4.0
        lease: HttpNfcLease
        entity: ManagedEntity
        deviceUrl: HttpNfcLeaseDeviceUrl[]?
        totalDiskCapacityInKB: long
        leaseTimeout: int
        hostMap: HttpNfcLeaseDatastoreLeaseInfo[]? 4.1

data HttpNfcLeaseManifestEntry : DynamicData 4.1
        key: string
        sha1: string
        checksum: string? 6.7
        checksumType: string? 6.7
        size: long
        disk: boolean
        capacity: long?
        populatedSize: long?

enum HttpNfcLeaseManifestEntryChecksumType 6.7
        sha1
        sha256

enum HttpNfcLeaseMode 6.7
        pushOrGet
        pull

data HttpNfcLeaseSourceFile : DynamicData 6.7
        targetDeviceId: string
        url: string
        memberName: string?
        create: boolean
        sslThumbprint: string?
        httpHeaders: KeyValue[]?
        size: long?

enum HttpNfcLeaseState 4.0
        initializing
        ready
        done
        error

data ID : DynamicData 6.5
        id: string

enum ImageLibraryManagerMediaType 4.0
        Ovf
        Vmdk
        Iso
        Flp
        Cust
        Generic

data ImportSpec : DynamicData 4.0
        entityConfig: VAppEntityConfigInfo?
        instantiationOst: OvfConsumerOstNode? 5.0

data InheritablePolicy : DynamicData 4.0
        inherited: boolean

data IntExpression : NegatableExpression 5.5
        value: int?

data IntOption : OptionType 2.0
        min: int
        max: int
        defaultValue: int

data IntPolicy : InheritablePolicy 4.0
        value: int?

data InventoryDescription : DynamicData 4.0
        numHosts: int
        numVirtualMachines: int
        numResourcePools: int?
        numClusters: int?
        numCpuDev: int?
        numNetDev: int?
        numDiskDev: int?
        numvCpuDev: int?
        numvNetDev: int?
        numvDiskDev: int?

managed InventoryView : ManagedObjectView 2.5
        OpenInventoryViewFolder(entity: ManagedEntity[]): ManagedEntity[]?
        CloseInventoryViewFolder(entity: ManagedEntity[]): ManagedEntity[]?

data IoFilterHostIssue : DynamicData 6.0
        host: HostSystem
        issue: LocalizedMethodFault[]

data IoFilterInfo : DynamicData 6.0
        id: string
        name: string
        vendor: string
        version: string
        type: string? 6.5
        summary: string?
        releaseDate: string?

managed IoFilterManager : ManagedObject 6.0
        InstallIoFilter_Task(vibUrl: string, compRes: ComputeResource): Task?
                throws AlreadyExists
        UninstallIoFilter_Task(filterId: string, compRes: ComputeResource): Task
                throws NotFound FilterInUse InvalidState
        UpgradeIoFilter_Task(filterId: string, compRes: ComputeResource, vibUrl: string): Task?
                throws NotFound InvalidState
        QueryIoFilterIssues(filterId: string, compRes: ComputeResource): IoFilterQueryIssueResult
                needs System.View
                throws NotFound
        QueryIoFilterInfo(compRes: ComputeResource): ClusterIoFilterInfo[]?
                needs System.View
        ResolveInstallationErrorsOnHost_Task(filterId: string, host: HostSystem): Task
                throws NotFound
        ResolveInstallationErrorsOnCluster_Task(filterId: string, cluster: ClusterComputeResource): Task
                throws NotFound
        QueryDisksUsingFilter(filterId: string, compRes: ComputeResource): VirtualDiskId[]
                needs System.View
                throws NotFound

enum IoFilterOperation 6.0
        install
        uninstall
        upgrade

data IoFilterQueryIssueResult : DynamicData 6.0
        opType: string
        hostIssue: IoFilterHostIssue[]?

enum IoFilterType 6.5
        cache
        replication
        encryption
        compression
        inspection
        datastoreIoControl
        dataProvider

data IpAddress : NegatableExpression 5.5

managed IpPoolManager : ManagedObject 4.0
        QueryIpPools(dc: Datacenter): IpPool[]?
        CreateIpPool(dc: Datacenter, pool: IpPool): int
        UpdateIpPool(dc: Datacenter, pool: IpPool): void
        DestroyIpPool(dc: Datacenter, id: int, force: boolean): void
                throws InvalidState
        AllocateIpv4Address(dc: Datacenter, poolId: int, allocationId: string): string 5.1
        AllocateIpv6Address(dc: Datacenter, poolId: int, allocationId: string): string 5.1
        ReleaseIpAllocation(dc: Datacenter, poolId: int, allocationId: string): void 5.1
        QueryIPAllocations(dc: Datacenter, poolId: int, extensionKey: string): IpPoolManagerIpAllocation[] 5.1

data IpPoolManagerIpAllocation : DynamicData 5.1
        ipAddress: string
        allocationId: string

data IpRange : IpAddress 5.5
        addressPrefix: string
        prefixLength: int?

data KeyProviderId : DynamicData 6.5
        id: string

data KeyValue : DynamicData 2.5
        key: string
        value: string

data KmipClusterInfo : DynamicData 6.5
        clusterId: KeyProviderId
        servers: KmipServerInfo[]?
        useAsDefault: boolean
        managementType: string? 7.0
        useAsEntityDefault: ManagedEntity[]? 7.0

enum KmipClusterInfoKmsManagementType 7.0
        unknown
        vCenter
        trustAuthority

data KmipServerInfo : DynamicData 6.5
        name: string
        address: string
        port: int
        proxyAddress: string?
        proxyPort: int?
        reconnect: int?
        protocol: string?
        nbio: int?
        timeout: int?
        userName: string?

data KmipServerSpec : DynamicData 6.5
        clusterId: KeyProviderId
        info: KmipServerInfo
        password: string?

data KmipServerStatus : DynamicData 6.5
        clusterId: KeyProviderId
        name: string
        status: ManagedEntityStatus
        description: string

data LatencySensitivity : DynamicData 5.1
        level: LatencySensitivitySensitivityLevel
        sensitivity: int?

enum LatencySensitivitySensitivityLevel 5.1
        low
        normal
        medium
        high
        custom

managed LicenseAssignmentManager : ManagedObject 4.0
        UpdateAssignedLicense(entity: string, licenseKey: string, entityDisplayName: string?): LicenseManagerLicenseInfo
                needs Global.Licenses
                throws LicenseEntityNotFound
        RemoveAssignedLicense(entityId: string): void
                needs Global.Licenses
                throws LicenseEntityNotFound
        QueryAssignedLicenses(entityId: string?): LicenseAssignmentManagerLicenseAssignment[]?
                needs System.View

data LicenseAssignmentManagerLicenseAssignment : DynamicData 4.0
        entityId: string
        scope: string?
        entityDisplayName: string?
        assignedLicense: LicenseManagerLicenseInfo
        properties: KeyAnyValue[]?

data LicenseAvailabilityInfo : DynamicData 2.0
        feature: LicenseFeatureInfo
        total: int
        available: int

data LicenseDiagnostics : DynamicData 2.5
        sourceLastChanged: dateTime
        sourceLost: string
        sourceLatency: float
        licenseRequests: string
        licenseRequestFailures: string
        licenseFeatureUnknowns: string
        opState: LicenseManagerState
        lastStatusUpdate: dateTime
        opFailureMessage: string

data LicenseFeatureInfo : DynamicData 2.0
        key: string
        featureName: string
        featureDescription: string? 2.5
        state: LicenseFeatureInfoState?
        costUnit: string
        sourceRestriction: string? 2.5
        dependentKey: string[]? 2.5
        edition: boolean? 2.5
        expiresOn: dateTime? 2.5

enum LicenseFeatureInfoSourceRestriction 2.5
        unrestricted
        served
        file

enum LicenseFeatureInfoState 2.0
        enabled
        disabled
        optional

enum LicenseFeatureInfoUnit 2.0
        host
        cpuCore
        cpuPackage
        server
        vm

managed LicenseManager : ManagedObject 2.0
        source: LicenseSource
        sourceAvailable: boolean
        diagnostics: LicenseDiagnostics? 2.5
        featureInfo: LicenseFeatureInfo[]?
        licensedEdition: string 2.5
        licenses: LicenseManagerLicenseInfo[] 4.0
        licenseAssignmentManager: LicenseAssignmentManager? 4.0 needs System.View
        evaluation: LicenseManagerEvaluationInfo 4.0 needs System.Read
        QuerySupportedFeatures(host: HostSystem?): LicenseFeatureInfo[]? 2.5
                needs Global.Licenses
        QueryLicenseSourceAvailability(host: HostSystem?): LicenseAvailabilityInfo[]?
                needs Global.Licenses
        QueryLicenseUsage(host: HostSystem?): LicenseUsageInfo
                needs System.Read
        SetLicenseEdition(host: HostSystem?, featureKey: string?): void
                needs Global.Licenses
                throws InvalidState LicenseServerUnavailable
        CheckLicenseFeature(host: HostSystem?, featureKey: string): boolean
                needs System.Read
                throws InvalidState
        EnableFeature(host: HostSystem?, featureKey: string): boolean
                needs Global.Licenses
                throws InvalidState LicenseServerUnavailable
        DisableFeature(host: HostSystem?, featureKey: string): boolean
                needs Global.Licenses
                throws InvalidState LicenseServerUnavailable
        ConfigureLicenseSource(host: HostSystem?, licenseSource: LicenseSource): void
                needs Global.Licenses
                throws CannotAccessLocalSource InvalidLicense LicenseServerUnavailable
        UpdateLicense(licenseKey: string, labels: KeyValue[]?): LicenseManagerLicenseInfo 4.0
                needs Global.Licenses
        AddLicense(licenseKey: string, labels: KeyValue[]?): LicenseManagerLicenseInfo 4.0
                needs Global.Licenses
        RemoveLicense(licenseKey: string): void 4.0
                needs Global.Licenses
        DecodeLicense(licenseKey: string): LicenseManagerLicenseInfo 4.0
                needs Global.Licenses
        UpdateLicenseLabel(licenseKey: string, labelKey: string, labelValue: string): void 4.0
                needs Global.Licenses
        RemoveLicenseLabel(licenseKey: string, labelKey: string): void 4.0
                needs Global.Licenses

data LicenseManagerEvaluationInfo : DynamicData 4.0
        properties: KeyAnyValue[]

data LicenseManagerLicenseInfo : DynamicData 4.0
        licenseKey: string
        editionKey: string
        name: string
        total: int
        used: int?
        costUnit: string
        properties: KeyAnyValue[]?
        labels: KeyValue[]?

enum LicenseManagerLicenseKey 2.0
        esxFull
        esxVmtn
        esxExpress
        san
        iscsi
        nas
        vsmp
        backup
        vc
        vcExpress 2.5
        esxHost
        gsxHost
        serverHost 2.5
        drsPower 2.5
        vmotion
        drs
        das

enum LicenseManagerState 2.5
        initializing
        normal
        marginal
        fault

data LicenseReservationInfo : DynamicData 2.0
        key: string
        state: LicenseReservationInfoState
        required: int

enum LicenseReservationInfoState 2.0
        notUsed
        noLicense
        unlicensedUse
        licensed

data LicenseServerSource : LicenseSource 2.0
        licenseServer: string

data LicenseSource : DynamicData 2.0

data LicenseUsageInfo : DynamicData 2.0
        source: LicenseSource
        sourceAvailable: boolean
        reservationInfo: LicenseReservationInfo[]?
        featureInfo: LicenseFeatureInfo[]?

managed ListView : ManagedObjectView 2.5
        ModifyListView(add: ManagedObject[]?, remove: ManagedObject[]?): ManagedObject[]?
        ResetListView(obj: ManagedObject[]?): ManagedObject[]?
        ResetListViewFromView(view: View): void

data LocalLicenseSource : LicenseSource 2.0
        licenseKeys: string

managed LocalizationManager : ManagedObject 4.0
        catalog: LocalizationManagerMessageCatalog[]? needs System.View

data LocalizationManagerMessageCatalog : DynamicData 4.0
        moduleName: string
        catalogName: string
        locale: string
        catalogUri: string
        lastModified: dateTime?
        md5sum: string?
        version: string? 5.0

data LongOption : OptionType 2.0
        min: long
        max: long
        defaultValue: long

data LongPolicy : InheritablePolicy 4.0
        value: long?

data MacAddress : NegatableExpression 5.5

data MacRange : MacAddress 5.5
        address: string
        mask: string

data ManagedByInfo : DynamicData 5.0
        extensionKey: string
        type: string

managed ManagedEntity : ExtensibleManagedObject 2.0
        parent: ManagedEntity? needs System.View
        customValue: CustomFieldValue[]? needs System.View
        overallStatus: ManagedEntityStatus
        configStatus: ManagedEntityStatus
        configIssue: Event[]?
        effectiveRole: int[]? needs System.View
        permission: Permission[]?
        name: string needs System.View
        disabledMethod: MethodName[]?
        recentTask: Task[]?
        declaredAlarmState: AlarmState[]? needs System.View
        triggeredAlarmState: AlarmState[]? needs System.View
        alarmActionsEnabled: boolean? 4.0 needs System.Read
        tag: Tag[]? 4.0 needs System.View
        Reload(): void
                needs System.Read
        Rename_Task(newName: string): Task
                throws DuplicateName InvalidName
        Destroy_Task(): Task
                throws VimFault

enum ManagedEntityStatus 2.0
        gray
        green
        yellow
        red

managed ManagedObjectView : View 2.5
        view: ManagedObject[]?

data MethodAction : Action 2.0
        name: MethodName
        argument: MethodActionArgument[]?

data MethodActionArgument : DynamicData 2.0
        value: anyType?

data MethodDescription : Description 2.0
        key: MethodName

data NegatableExpression : DynamicData 5.5
        negate: boolean?

data NetBIOSConfigInfo : DynamicData 4.1
        mode: string

enum NetBIOSConfigInfoMode 4.1
        unknown
        enabled
        disabled
        enabledViaDHCP

data NetDhcpConfigInfo : DynamicData 4.1
        ipv6: NetDhcpConfigInfoDhcpOptions?
        ipv4: NetDhcpConfigInfoDhcpOptions?

data NetDhcpConfigInfoDhcpOptions : DynamicData 4.1
        enable: boolean
        config: KeyValue[]?

data NetDhcpConfigSpec : DynamicData 4.1
        ipv6: NetDhcpConfigSpecDhcpOptionsSpec?
        ipv4: NetDhcpConfigSpecDhcpOptionsSpec?

data NetDhcpConfigSpecDhcpOptionsSpec : DynamicData 4.1
        enable: boolean?
        config: KeyValue[]
        operation: string

data NetDnsConfigInfo : DynamicData 4.1
        dhcp: boolean
        hostName: string
        domainName: string
        ipAddress: string[]?
        searchDomain: string[]?

data NetDnsConfigSpec : DynamicData 4.1
        dhcp: boolean?
        hostName: string?
        domainName: string?
        ipAddress: string[]?
        searchDomain: string[]?

data NetIpConfigInfo : DynamicData 4.1
        ipAddress: NetIpConfigInfoIpAddress[]?
        dhcp: NetDhcpConfigInfo?
        autoConfigurationEnabled: boolean?

data NetIpConfigInfoIpAddress : DynamicData 4.1
        ipAddress: string
        prefixLength: int
        origin: string?
        state: string?
        lifetime: dateTime?

enum NetIpConfigInfoIpAddressOrigin 4.1
        other
        manual
        dhcp
        linklayer
        random

enum NetIpConfigInfoIpAddressStatus 4.1
        preferred
        deprecated
        invalid
        inaccessible
        unknown
        tentative
        duplicate

data NetIpConfigSpec : DynamicData 4.1
        ipAddress: NetIpConfigSpecIpAddressSpec[]?
        dhcp: NetDhcpConfigSpec?
        autoConfigurationEnabled: boolean?

data NetIpConfigSpecIpAddressSpec : DynamicData 4.1
        ipAddress: string
        prefixLength: int
        operation: string

data NetIpRouteConfigInfo : DynamicData 4.1
        ipRoute: NetIpRouteConfigInfoIpRoute[]?

data NetIpRouteConfigInfoGateway : DynamicData 4.1
        ipAddress: string?
        device: string?

data NetIpRouteConfigInfoIpRoute : DynamicData 4.1
        network: string
        prefixLength: int
        gateway: NetIpRouteConfigInfoGateway

data NetIpRouteConfigSpec : DynamicData 4.1
        ipRoute: NetIpRouteConfigSpecIpRouteSpec[]?

data NetIpRouteConfigSpecGatewaySpec : DynamicData 4.1
        ipAddress: string?
        device: string?

data NetIpRouteConfigSpecIpRouteSpec : DynamicData 4.1
        network: string
        prefixLength: int
        gateway: NetIpRouteConfigSpecGatewaySpec
        operation: string

data NetIpStackInfo : DynamicData 4.1
        neighbor: NetIpStackInfoNetToMedia[]?
        defaultRouter: NetIpStackInfoDefaultRouter[]?

data NetIpStackInfoDefaultRouter : DynamicData 4.1
        ipAddress: string
        device: string
        lifetime: dateTime
        preference: string

enum NetIpStackInfoEntryType 4.1
        other
        invalid
        dynamic
        manual

data NetIpStackInfoNetToMedia : DynamicData 4.1
        ipAddress: string
        physicalAddress: string
        device: string
        type: string

enum NetIpStackInfoPreference 4.1
        reserved
        low
        medium
        high

managed Network : ManagedEntity 2.0
        summary: NetworkSummary
        host: HostSystem[]?
        vm: VirtualMachine[]?
        DestroyNetwork(): void
                needs Network.Delete
                throws ResourceInUse

data NetworkSummary : DynamicData 2.0
        network: Network?
        name: string
        accessible: boolean
        ipPoolName: string 4.0
        ipPoolId: int? 5.1

data NodeDeploymentSpec : DynamicData 6.5
        esxHost: HostSystem?
        datastore: Datastore?
        publicNetworkPortGroup: Network?
        clusterNetworkPortGroup: Network?
        folder: Folder
        resourcePool: ResourcePool?
        managementVc: ServiceLocator?
        nodeName: string
        ipSettings: CustomizationIPSettings

data NodeNetworkSpec : DynamicData 6.5
        ipSettings: CustomizationIPSettings

data NumericRange : DynamicData 4.0
        start: int
        end: int

managed OpaqueNetwork : Network 5.5
        capability: OpaqueNetworkCapability? 6.5
        extraConfig: OptionValue[]? 6.5

data OpaqueNetworkCapability : DynamicData 6.5
        networkReservationSupported: boolean

data OpaqueNetworkSummary : NetworkSummary 5.5
        opaqueNetworkId: string
        opaqueNetworkType: string

data OptionDef : ElementDescription 2.0
        optionType: OptionType

managed OptionManager : ManagedObject 2.0
        supportedOption: OptionDef[]?
        setting: OptionValue[]?
        QueryOptions(name: string?): OptionValue[]?
                needs System.View
                throws InvalidName
        UpdateOptions(changedValue: OptionValue[]): void
                throws InvalidName

data OptionType : DynamicData 2.0
        valueIsReadonly: boolean?

data OptionValue : DynamicData 2.0
        key: string
        value: anyType?

managed OverheadMemoryManager : ManagedObject 6.0
        LookupVmOverheadMemory(vm: VirtualMachine, host: HostSystem): long
                needs Global.VCServer
                throws NotFound InvalidArgument ManagedObjectNotFound InvalidType

data OvfConsumerOstNode : DynamicData 5.0
        id: string
        type: string
        section: OvfConsumerOvfSection[]?
        child: OvfConsumerOstNode[]?
        entity: ManagedEntity?

enum OvfConsumerOstNodeType 5.0
        envelope
        virtualSystem
        virtualSystemCollection

data OvfConsumerOvfSection : DynamicData 5.0
        lineNumber: int
        xml: string

data OvfCreateDescriptorParams : DynamicData 4.0
        ovfFiles: OvfFile[]?
        name: string?
        description: string?
        includeImageFiles: boolean? 4.1
        exportOption: string[]? 5.1
        snapshot: VirtualMachineSnapshot? 5.5

data OvfCreateDescriptorResult : DynamicData 4.0
        ovfDescriptor: string
        error: LocalizedMethodFault[]?
        warning: LocalizedMethodFault[]?
        includeImageFiles: boolean? 4.1

data OvfCreateImportSpecParams : OvfManagerCommonParams 4.0
        entityName: string
        hostSystem: HostSystem?
        networkMapping: OvfNetworkMapping[]?
        ipAllocationPolicy: string?
        ipProtocol: string?
        propertyMapping: KeyValue[]?
        resourceMapping: OvfResourceMap[]? 4.1
        diskProvisioning: string? 4.1
        instantiationOst: OvfConsumerOstNode? 5.0

enum OvfCreateImportSpecParamsDiskProvisioningType 4.1
        monolithicSparse
        monolithicFlat
        twoGbMaxExtentSparse
        twoGbMaxExtentFlat
        thin
        thick
        seSparse 5.1
        eagerZeroedThick 5.0
        sparse
        flat

data OvfCreateImportSpecResult : DynamicData 4.0
        importSpec: ImportSpec?
        fileItem: OvfFileItem[]?
        warning: LocalizedMethodFault[]?
        error: LocalizedMethodFault[]?

data OvfDeploymentOption : DynamicData 4.0
        key: string
        label: string
        description: string

data OvfFile : DynamicData 4.0
        deviceId: string
        path: string
        compressionMethod: string?
        chunkSize: long?
        size: long
        capacity: long? 4.1
        populatedSize: long? 4.1

data OvfFileItem : DynamicData 4.0
        deviceId: string
        path: string
        compressionMethod: string?
        chunkSize: long?
        size: long?
        cimType: int
        create: boolean

managed OvfManager : ManagedObject 4.0
        ovfImportOption: OvfOptionInfo[]? 5.1 needs System.View
        ovfExportOption: OvfOptionInfo[]? 5.1 needs System.View
        ValidateHost(ovfDescriptor: string, host: HostSystem, vhp: OvfValidateHostParams): OvfValidateHostResult
                needs System.View
                throws TaskInProgress ConcurrentAccess FileFault InvalidState
        ParseDescriptor(ovfDescriptor: string, pdp: OvfParseDescriptorParams): OvfParseDescriptorResult
                needs System.View
                throws TaskInProgress VmConfigFault ConcurrentAccess FileFault InvalidState
        CreateImportSpec(ovfDescriptor: string, resourcePool: ResourcePool, datastore: Datastore, cisp: OvfCreateImportSpecParams): OvfCreateImportSpecResult
                needs System.View
                throws TaskInProgress VmConfigFault ConcurrentAccess FileFault InvalidState InvalidDatastore
        CreateDescriptor(obj: ManagedEntity, cdp: OvfCreateDescriptorParams): OvfCreateDescriptorResult
                needs System.View
                throws TaskInProgress VmConfigFault ConcurrentAccess FileFault InvalidState

data OvfManagerCommonParams : DynamicData 4.0
        locale: string
        deploymentOption: string
        msgBundle: KeyValue[]?
        importOption: string[]? 5.1

data OvfNetworkInfo : DynamicData 4.0
        name: string
        description: string

data OvfNetworkMapping : DynamicData 4.0
        name: string
        network: Network

data OvfOptionInfo : DynamicData 5.1
        option: string
        description: LocalizableMessage

data OvfParseDescriptorParams : OvfManagerCommonParams 4.0

data OvfParseDescriptorResult : DynamicData 4.0
        eula: string[]?
        network: OvfNetworkInfo[]?
        ipAllocationScheme: string[]?
        ipProtocols: string[]?
        property: VAppPropertyInfo[]?
        productInfo: VAppProductInfo?
        annotation: string
        approximateDownloadSize: long?
        approximateFlatDeploymentSize: long?
        approximateSparseDeploymentSize: long?
        defaultEntityName: string
        virtualApp: boolean
        deploymentOption: OvfDeploymentOption[]?
        defaultDeploymentOption: string
        entityName: KeyValue[]? 4.1
        annotatedOst: OvfConsumerOstNode? 5.0
        error: LocalizedMethodFault[]?
        warning: LocalizedMethodFault[]?

data OvfResourceMap : DynamicData 4.1
        source: string
        parent: ResourcePool?
        resourceSpec: ResourceConfigSpec?
        datastore: Datastore?

data OvfValidateHostParams : OvfManagerCommonParams 4.0

data OvfValidateHostResult : DynamicData 4.0
        downloadSize: long?
        flatDeploymentSize: long?
        sparseDeploymentSize: long?
        error: LocalizedMethodFault[]?
        warning: LocalizedMethodFault[]?
        supportedDiskProvisioning: string[]? 4.1

data PassiveNodeDeploymentSpec : NodeDeploymentSpec 6.5
        failoverIpSettings: CustomizationIPSettings?

data PassiveNodeNetworkSpec : NodeNetworkSpec 6.5
        failoverIpSettings: CustomizationIPSettings?

data PasswordField : DynamicData 4.0
        value: string

data PerfCompositeMetric : DynamicData 2.0
        entity: PerfEntityMetricBase?
        childEntity: PerfEntityMetricBase[]?

data PerfCounterInfo : DynamicData 2.0
        key: int
        nameInfo: ElementDescription
        groupInfo: ElementDescription
        unitInfo: ElementDescription
        rollupType: PerfSummaryType
        statsType: PerfStatsType
        level: int? 2.5
        perDeviceLevel: int? 4.1
        associatedCounterId: int[]?

data PerfEntityMetric : PerfEntityMetricBase 2.0
        sampleInfo: PerfSampleInfo[]?
        value: PerfMetricSeries[]?

data PerfEntityMetricBase : DynamicData 2.0
        entity: ManagedObject

data PerfEntityMetricCSV : PerfEntityMetricBase 2.0
        sampleInfoCSV: string
        value: PerfMetricSeriesCSV[]?

enum PerfFormat 2.0
        normal
        csv

data PerfInterval : DynamicData 2.0
        key: int 2.5
        samplingPeriod: int
        name: string
        length: int
        level: int? 2.5
        enabled: boolean 2.5

data PerfMetricId : DynamicData 2.0
        counterId: int
        instance: string

data PerfMetricIntSeries : PerfMetricSeries 2.0
        value: long[]?

data PerfMetricSeries : DynamicData 2.0
        id: PerfMetricId

data PerfMetricSeriesCSV : PerfMetricSeries 2.0
        value: string?

data PerfProviderSummary : DynamicData 2.0
        entity: ManagedObject
        currentSupported: boolean
        summarySupported: boolean
        refreshRate: int?

data PerfQuerySpec : DynamicData 2.0
        entity: ManagedObject
        startTime: dateTime?
        endTime: dateTime?
        maxSample: int?
        metricId: PerfMetricId[]?
        intervalId: int?
        format: string?

data PerfSampleInfo : DynamicData 2.0
        timestamp: dateTime
        interval: int

enum PerfStatsType 2.0
        absolute
        delta
        rate

enum PerfSummaryType 2.0
        average
        maximum
        minimum
        latest
        summation
        none

data PerformanceDescription : DynamicData 2.0
        counterType: ElementDescription[]
        statsType: ElementDescription[]

managed PerformanceManager : ManagedObject 2.0
        description: PerformanceDescription needs System.View
        historicalInterval: PerfInterval[]? needs System.View
        perfCounter: PerfCounterInfo[]? needs System.View
        QueryPerfProviderSummary(entity: ManagedObject): PerfProviderSummary
                needs System.View
        QueryAvailablePerfMetric(entity: ManagedObject, beginTime: dateTime?, endTime: dateTime?, intervalId: int?): PerfMetricId[]?
                needs System.View
        QueryPerfCounter(counterId: int[]): PerfCounterInfo[]?
                needs System.View
        QueryPerfCounterByLevel(level: int): PerfCounterInfo[] 2.5
                needs System.View
        QueryPerf(querySpec: PerfQuerySpec[]): PerfEntityMetricBase[]?
                needs System.View
        QueryPerfComposite(querySpec: PerfQuerySpec): PerfCompositeMetric
                needs System.View
        CreatePerfInterval(intervalId: PerfInterval): void
                needs Performance.ModifyIntervals
        RemovePerfInterval(samplePeriod: int): void
                needs Performance.ModifyIntervals
        UpdatePerfInterval(interval: PerfInterval): void
                needs Performance.ModifyIntervals
        UpdateCounterLevelMapping(counterLevelMap: PerformanceManagerCounterLevelMapping[]): void 4.1
                needs Performance.ModifyIntervals
        ResetCounterLevelMapping(counters: int[]): void 4.1
                needs Performance.ModifyIntervals

data PerformanceManagerCounterLevelMapping : DynamicData 4.1
        counterId: int
        aggregateLevel: int?
        perDeviceLevel: int?

enum PerformanceManagerUnit 2.0
        percent
        kiloBytes
        megaBytes
        megaHertz
        number
        microsecond 4.0
        millisecond
        second
        kiloBytesPerSecond
        megaBytesPerSecond
        watt 4.1
        joule 4.1
        celsius 6.5
        teraBytes 6.0

data PerformanceStatisticsDescription : DynamicData 4.0
        intervals: PerfInterval[]?

data Permission : DynamicData 2.0
        entity: ManagedEntity?
        principal: string
        group: boolean
        roleId: int
        propagate: boolean

data PlacementAffinityRule : DynamicData 6.0
        ruleType: string
        ruleScope: string
        vms: VirtualMachine[]?
        keys: string[]?

enum PlacementAffinityRuleRuleScope 6.0
        cluster
        host
        storagePod
        datastore

enum PlacementAffinityRuleRuleType 6.0
        affinity
        antiAffinity
        softAffinity
        softAntiAffinity

data PlacementRankResult : DynamicData 6.0
        key: string
        candidate: ClusterComputeResource
        reservedSpaceMB: long
        usedSpaceMB: long
        totalSpaceMB: long
        utilization: double
        faults: LocalizedMethodFault[]?

data PlacementRankSpec : DynamicData 6.0
        specs: PlacementSpec[]
        clusters: ClusterComputeResource[]
        rules: PlacementAffinityRule[]?
        placementRankByVm: StorageDrsPlacementRankVmSpec[]?

data PodDiskLocator : DynamicData 5.0
        diskId: int
        diskMoveType: string?
        diskBackingInfo: VirtualDeviceBackingInfo?
        profile: VirtualMachineProfileSpec[]? 5.5

data PodStorageDrsEntry : DynamicData 5.0
        storageDrsConfig: StorageDrsConfigInfo
        recommendation: ClusterRecommendation[]?
        drsFault: ClusterDrsFaults[]?
        actionHistory: ClusterActionHistory[]?

data PosixUserSearchResult : UserSearchResult 2.0
        id: int
        shellAccess: boolean?

data PrivilegeAvailability : DynamicData 5.5
        privId: string
        isGranted: boolean

data PrivilegePolicyDef : DynamicData 2.5
        createPrivilege: string
        readPrivilege: string
        updatePrivilege: string
        deletePrivilege: string

data ProductComponentInfo : DynamicData 2.5
        id: string
        name: string
        version: string
        release: int

enum ProxyServiceAccessMode 2.5
        httpOnly
        httpsOnly
        httpsWithRedirect
        httpAndHttps

enum ProxyServiceRedirectSpecRedirectType 5.0
        permanent
        found

enum QuiesceMode 6.0
        application
        filesystem
        none

data ReplicationVmProgressInfo : DynamicData 5.0
        progress: int
        bytesTransferred: long
        bytesToTransfer: long
        checksumTotalBytes: long?
        checksumComparedBytes: long?

enum ReplicationVmState 5.0
        none
        paused
        syncing
        idle
        active
        error

data ResourceAllocationInfo : DynamicData 2.0
        reservation: long?
        expandableReservation: boolean?
        limit: long?
        shares: SharesInfo?
        overheadLimit: long? 2.5

data ResourceAllocationOption : DynamicData 4.1
        sharesOption: SharesOption

data ResourceConfigOption : DynamicData 4.1
        cpuAllocationOption: ResourceAllocationOption
        memoryAllocationOption: ResourceAllocationOption

data ResourceConfigSpec : DynamicData 2.0
        entity: ManagedEntity?
        changeVersion: string?
        lastModified: dateTime?
        cpuAllocation: ResourceAllocationInfo
        memoryAllocation: ResourceAllocationInfo
        scaleDescendantsShares: string? 7.0

enum ResourceConfigSpecScaleSharesBehavior 7.0
        disabled
        scaleCpuAndMemoryShares

managed ResourcePlanningManager : ManagedObject 4.0
        EstimateDatabaseSize(dbSizeParam: DatabaseSizeParam): DatabaseSizeEstimate
                needs System.Read

managed ResourcePool : ManagedEntity 2.0
        summary: ResourcePoolSummary
        runtime: ResourcePoolRuntimeInfo
        owner: ComputeResource needs System.View
        resourcePool: ResourcePool[]? needs System.View
        vm: VirtualMachine[]? needs System.View
        config: ResourceConfigSpec
        namespace: string? 7.0 needs System.View
        childConfiguration: ResourceConfigSpec[]?
        UpdateConfig(name: string?, config: ResourceConfigSpec?): void
                throws InvalidName DuplicateName InsufficientResourcesFault ConcurrentAccess
        MoveIntoResourcePool(list: ManagedEntity[]): void
                throws DuplicateName InsufficientResourcesFault
        UpdateChildResourceConfiguration(spec: ResourceConfigSpec[]): void
                throws InvalidState InsufficientResourcesFault
        CreateResourcePool(name: string, spec: ResourceConfigSpec): ResourcePool
                needs Resource.CreatePool
                throws InvalidName DuplicateName InsufficientResourcesFault
        DestroyChildren(): void
        CreateVApp(name: string, resSpec: ResourceConfigSpec, configSpec: VAppConfigSpec, vmFolder: Folder?): VirtualApp 4.0
                needs VApp.Create
                throws InvalidName DuplicateName InsufficientResourcesFault InvalidState VmConfigFault
        CreateChildVM_Task(config: VirtualMachineConfigSpec, host: HostSystem?): Task 4.0
                needs VirtualMachine.Inventory.Create
                throws VmConfigFault FileFault OutOfBounds InvalidName InvalidDatastore
                        InsufficientResourcesFault
        RegisterChildVM_Task(path: string, name: string?, host: HostSystem?): Task 4.0
                needs VirtualMachine.Inventory.Register
                throws OutOfBounds AlreadyExists InvalidDatastore NotFound InvalidName VmConfigFault
                        InsufficientResourcesFault FileFault
        ImportVApp(spec: ImportSpec, folder: Folder?, host: HostSystem?): HttpNfcLease 4.0
                needs VApp.Import
                throws VmConfigFault FileFault OutOfBounds DuplicateName InvalidName InvalidDatastore
                        InsufficientResourcesFault
        QueryResourceConfigOption(): ResourceConfigOption 4.1
                needs Resource.EditPool
        RefreshRuntime(): void 4.1
                needs System.View

data ResourcePoolQuickStats : DynamicData 4.0
        overallCpuUsage: long?
        overallCpuDemand: long?
        guestMemoryUsage: long?
        hostMemoryUsage: long?
        distributedCpuEntitlement: long?
        distributedMemoryEntitlement: long?
        staticCpuEntitlement: int?
        staticMemoryEntitlement: int?
        privateMemory: long?
        sharedMemory: long?
        swappedMemory: long?
        balloonedMemory: long?
        overheadMemory: long?
        consumedOverheadMemory: long?
        compressedMemory: long? 4.1

data ResourcePoolResourceUsage : DynamicData 2.0
        reservationUsed: long
        reservationUsedForVm: long
        unreservedForPool: long
        unreservedForVm: long
        overallUsage: long
        maxUsage: long

data ResourcePoolRuntimeInfo : DynamicData 2.0
        memory: ResourcePoolResourceUsage
        cpu: ResourcePoolResourceUsage
        overallStatus: ManagedEntityStatus
        sharesScalable: string? 7.0

data ResourcePoolSummary : DynamicData 2.0
        name: string
        config: ResourceConfigSpec
        runtime: ResourcePoolRuntimeInfo
        quickStats: ResourcePoolQuickStats? 4.0
        configuredMemoryMB: int? 4.0

data RetrieveVStorageObjSpec : DynamicData 6.7
        id: ID
        datastore: Datastore

data RunScriptAction : Action 2.0
        script: string

data SDDCBase : DynamicData 6.0

data SeSparseVirtualDiskSpec : FileBackedVirtualDiskSpec 5.1
        grainSizeKb: int?

managed SearchIndex : ManagedObject 2.0
        FindByUuid(datacenter: Datacenter?, uuid: string, vmSearch: boolean, instanceUuid: boolean? 4.0): ManagedEntity?
                needs System.View
        FindByDatastorePath(datacenter: Datacenter, path: string): VirtualMachine?
                needs System.View
                throws InvalidDatastore
        FindByDnsName(datacenter: Datacenter?, dnsName: string, vmSearch: boolean): ManagedEntity?
                needs System.View
        FindByIp(datacenter: Datacenter?, ip: string, vmSearch: boolean): ManagedEntity?
                needs System.View
        FindByInventoryPath(inventoryPath: string): ManagedEntity?
                needs System.View
        FindChild(entity: ManagedEntity, name: string): ManagedEntity?
                needs System.View
        FindAllByUuid(datacenter: Datacenter?, uuid: string, vmSearch: boolean, instanceUuid: boolean?): ManagedEntity[] 4.0
                needs System.View
        FindAllByDnsName(datacenter: Datacenter?, dnsName: string, vmSearch: boolean): ManagedEntity[] 4.0
                needs System.View
        FindAllByIp(datacenter: Datacenter?, ip: string, vmSearch: boolean): ManagedEntity[] 4.0
                needs System.View

data SelectionSet : DynamicData 5.0

data SendEmailAction : Action 2.0
        toList: string
        ccList: string
        subject: string
        body: string

data SendSNMPAction : Action 2.0

data ServiceContent : DynamicData 2.0
        rootFolder: Folder
        propertyCollector: PropertyCollector
        viewManager: ViewManager? 2.5
        about: AboutInfo
        setting: OptionManager?
        userDirectory: UserDirectory?
        sessionManager: SessionManager?
        authorizationManager: AuthorizationManager?
        serviceManager: ServiceManager? 5.1
        perfManager: PerformanceManager?
        scheduledTaskManager: ScheduledTaskManager?
        alarmManager: AlarmManager?
        eventManager: EventManager?
        taskManager: TaskManager?
        extensionManager: ExtensionManager? 2.5
        customizationSpecManager: CustomizationSpecManager?
        guestCustomizationManager: VirtualMachineGuestCustomizationManager? 6.8.7
        customFieldsManager: CustomFieldsManager?
        accountManager: HostLocalAccountManager?
        diagnosticManager: DiagnosticManager?
        licenseManager: LicenseManager?
        searchIndex: SearchIndex?
        fileManager: FileManager? 2.5
        datastoreNamespaceManager: DatastoreNamespaceManager? 5.5
        virtualDiskManager: VirtualDiskManager? 2.5
        virtualizationManager: VirtualizationManager? 2.5
        snmpSystem: HostSnmpSystem? 4.0
        vmProvisioningChecker: VirtualMachineProvisioningChecker? 4.0
        vmCompatibilityChecker: VirtualMachineCompatibilityChecker? 4.0
        ovfManager: OvfManager? 4.0
        ipPoolManager: IpPoolManager? 4.0
        dvSwitchManager: DistributedVirtualSwitchManager? 4.0
        hostProfileManager: HostProfileManager? 4.0
        clusterProfileManager: ClusterProfileManager? 4.0
        complianceManager: ProfileComplianceManager? 4.0
        localizationManager: LocalizationManager? 4.0
        storageResourceManager: StorageResourceManager? 4.1
        guestOperationsManager: GuestOperationsManager? 5.0
        overheadMemoryManager: OverheadMemoryManager? 6.0
        certificateManager: CertificateManager? 6.0
        ioFilterManager: IoFilterManager? 6.0
        vStorageObjectManager: VStorageObjectManagerBase? 6.5
        hostSpecManager: HostSpecificationManager? 6.5
        cryptoManager: CryptoManager? 6.5
        healthUpdateManager: HealthUpdateManager? 6.5
        failoverClusterConfigurator: FailoverClusterConfigurator? 6.5
        failoverClusterManager: FailoverClusterManager? 6.5
        tenantManager: TenantTenantManager? 6.9.1
        siteInfoManager: SiteInfoManager? 7.0
        storageQueryManager: StorageQueryManager? 6.7.2

managed ServiceInstance : ManagedObject 2.0
        serverClock: dateTime needs System.View
        capability: Capability needs System.View
        content: ServiceContent needs System.Anonymous
        CurrentTime(): dateTime
                needs System.View
        RetrieveServiceContent(): ServiceContent
                needs System.Anonymous
        ValidateMigration(vm: VirtualMachine[], state: VirtualMachinePowerState?, testType: string[]?, pool: ResourcePool?, host: HostSystem?): Event[]?
                needs System.View
                throws InvalidState
        QueryVMotionCompatibility(vm: VirtualMachine, host: HostSystem[], compatibility: string[]?): HostVMotionCompatibility[]?
                needs Resource.QueryVMotion
        RetrieveProductComponents(): ProductComponentInfo[]? 2.5
                needs System.Anonymous

data ServiceLocator : DynamicData 6.0
        instanceUuid: string
        url: string
        credential: ServiceLocatorCredential
        sslThumbprint: string?

data ServiceLocatorCredential : DynamicData 6.0

data ServiceLocatorNamePassword : ServiceLocatorCredential 6.0
        username: string
        password: string

data ServiceLocatorSAMLCredential : ServiceLocatorCredential 6.0
        token: string?

managed ServiceManager : ManagedObject 2.5
        service: ServiceManagerServiceInfo[]? needs Global.ServiceManagers
        QueryServiceList(serviceName: string?, location: string[]?): ServiceManagerServiceInfo[]?
                needs Global.ServiceManagers

data ServiceManagerServiceInfo : DynamicData 2.0
        serviceName: string
        location: string[]?
        service: ManagedObject
        description: string

enum ServiceProtocol 4.0
        vimApi
        vimWebServices
        viImageLibrary
        unknown

managed SessionManager : ManagedObject 2.0
        sessionList: UserSession[]? needs Sessions.TerminateSession
        currentSession: UserSession? needs System.Anonymous
        message: string? needs System.View
        messageLocaleList: string[]? needs System.Anonymous
        supportedLocaleList: string[]? needs System.Anonymous
        defaultLocale: string needs System.Anonymous
        UpdateServiceMessage(message: string): void
                needs Sessions.GlobalMessage
        LoginByToken(locale: string?): UserSession 5.1
                needs System.Anonymous
                throws InvalidLogin InvalidLocale
        Login(userName: string, password: string, locale: string?): UserSession
                needs System.Anonymous
                throws InvalidLogin InvalidLocale
        LoginBySSPI(base64Token: string, locale: string?): UserSession 2.5
                needs System.Anonymous
                throws SSPIChallenge InvalidLogin InvalidLocale
        Logout(): void
                needs System.View
        AcquireLocalTicket(userName: string): SessionManagerLocalTicket
                needs System.Anonymous
                throws InvalidLogin
        AcquireGenericServiceTicket(spec: SessionManagerServiceRequestSpec): SessionManagerGenericServiceTicket 5.0
                needs System.Anonymous
        TerminateSession(sessionId: string[]): void
                needs Sessions.TerminateSession
                throws NotFound
        SetLocale(locale: string): void
                needs System.View
                throws InvalidLocale
        LoginExtensionBySubjectName(extensionKey: string, locale: string?): UserSession 2.5
                needs System.Anonymous
                throws InvalidLogin InvalidLocale NotFound NoClientCertificate NoSubjectName
        LoginExtensionByCertificate(extensionKey: string, locale: string?): UserSession 4.0
                needs System.Anonymous
                throws InvalidLogin InvalidLocale NoClientCertificate
        ImpersonateUser(userName: string, locale: string?): UserSession 2.5
                needs Sessions.ImpersonateUser
                throws InvalidLogin InvalidLocale
        SessionIsActive(sessionID: string, userName: string): boolean 2.5
                needs Sessions.ValidateSession
        AcquireCloneTicket(): string 2.5
                needs System.View
        CloneSession(cloneTicket: string): UserSession 2.5
                needs System.Anonymous
                throws InvalidLogin

data SessionManagerGenericServiceTicket : DynamicData 5.0
        id: string
        hostName: string? 5.1
        sslThumbprint: string? 5.1

data SessionManagerHttpServiceRequestSpec : SessionManagerServiceRequestSpec 5.0
        method: string?
        url: string

enum SessionManagerHttpServiceRequestSpecMethod 5.0
        httpOptions
        httpGet
        httpHead
        httpPost
        httpPut
        httpDelete
        httpTrace
        httpConnect

data SessionManagerLocalTicket : DynamicData 2.0
        userName: string
        passwordFilePath: string

data SessionManagerServiceRequestSpec : DynamicData 5.0

data SessionManagerVmomiServiceRequestSpec : SessionManagerServiceRequestSpec 5.1
        method: MethodName

data SharesInfo : DynamicData 2.0
        shares: int
        level: SharesLevel

enum SharesLevel 2.0
        low
        normal
        high
        custom

data SharesOption : DynamicData 4.1
        sharesOption: IntOption
        defaultLevel: SharesLevel

managed SimpleCommand : ManagedObject 2.5
        encodingType: SimpleCommandEncoding
        entity: ServiceManagerServiceInfo
        ExecuteSimpleCommand(arguments: string[]?): string
                needs Global.ServiceManagers

enum SimpleCommandEncoding 2.5
        CSV
        HEX
        STRING

data SingleIp : IpAddress 5.5
        address: string

data SingleMac : MacAddress 5.5
        address: string

data SiteInfo : DynamicData 7.0

managed SiteInfoManager : ManagedObject 7.0
        GetSiteInfo(): SiteInfo
                needs System.View

data SourceNodeSpec : DynamicData 6.5
        managementVc: ServiceLocator
        activeVc: VirtualMachine

data StorageDrsAutomationConfig : DynamicData 6.0
        spaceLoadBalanceAutomationMode: string?
        ioLoadBalanceAutomationMode: string?
        ruleEnforcementAutomationMode: string?
        policyEnforcementAutomationMode: string?
        vmEvacuationAutomationMode: string?

data StorageDrsConfigInfo : DynamicData 5.0
        podConfig: StorageDrsPodConfigInfo
        vmConfig: StorageDrsVmConfigInfo[]?

data StorageDrsConfigSpec : DynamicData 5.0
        podConfigSpec: StorageDrsPodConfigSpec?
        vmConfigSpec: StorageDrsVmConfigSpec[]?

data StorageDrsIoLoadBalanceConfig : DynamicData 5.0
        reservablePercentThreshold: int? 6.0
        reservableIopsThreshold: int? 6.0
        reservableThresholdMode: string? 6.0
        ioLatencyThreshold: int?
        ioLoadImbalanceThreshold: int?

data StorageDrsOptionSpec : ArrayUpdateSpec 5.0
        option: OptionValue?

data StorageDrsPlacementRankVmSpec : DynamicData 6.0
        vmPlacementSpec: PlacementSpec
        vmClusters: ClusterComputeResource[]

data StorageDrsPodConfigInfo : DynamicData 5.0
        enabled: boolean
        ioLoadBalanceEnabled: boolean
        defaultVmBehavior: string
        loadBalanceInterval: int?
        defaultIntraVmAffinity: boolean?
        spaceLoadBalanceConfig: StorageDrsSpaceLoadBalanceConfig?
        ioLoadBalanceConfig: StorageDrsIoLoadBalanceConfig?
        automationOverrides: StorageDrsAutomationConfig? 6.0
        rule: ClusterRuleInfo[]?
        option: OptionValue[]?

enum StorageDrsPodConfigInfoBehavior 5.0
        manual
        automated

data StorageDrsPodConfigSpec : DynamicData 5.0
        enabled: boolean?
        ioLoadBalanceEnabled: boolean?
        defaultVmBehavior: string?
        loadBalanceInterval: int?
        defaultIntraVmAffinity: boolean?
        spaceLoadBalanceConfig: StorageDrsSpaceLoadBalanceConfig?
        ioLoadBalanceConfig: StorageDrsIoLoadBalanceConfig?
        automationOverrides: StorageDrsAutomationConfig? 6.0
        rule: ClusterRuleSpec[]?
        option: StorageDrsOptionSpec[]?

data StorageDrsPodSelectionSpec : DynamicData 5.0
        initialVmConfig: VmPodConfigForPlacement[]?
        storagePod: StoragePod?

data StorageDrsSpaceLoadBalanceConfig : DynamicData 5.0
        spaceThresholdMode: string? 6.0
        spaceUtilizationThreshold: int?
        freeSpaceThresholdGB: int? 6.0
        minSpaceUtilizationDifference: int?

enum StorageDrsSpaceLoadBalanceConfigSpaceThresholdMode 6.0
        utilization
        freeSpace

data StorageDrsVmConfigInfo : DynamicData 5.0
        vm: VirtualMachine?
        enabled: boolean?
        behavior: string?
        intraVmAffinity: boolean?
        intraVmAntiAffinity: VirtualDiskAntiAffinityRuleSpec?
        virtualDiskRules: VirtualDiskRuleSpec[]? 6.7

data StorageDrsVmConfigSpec : ArrayUpdateSpec 5.0
        info: StorageDrsVmConfigInfo?

data StorageIOAllocationInfo : DynamicData 4.1
        limit: long?
        shares: SharesInfo?
        reservation: int? 5.5

data StorageIOAllocationOption : DynamicData 4.1
        limitOption: LongOption
        sharesOption: SharesOption

data StorageIORMConfigOption : DynamicData 4.1
        enabledOption: BoolOption
        congestionThresholdOption: IntOption
        statsCollectionEnabledOption: BoolOption 5.0
        reservationEnabledOption: BoolOption 6.0

data StorageIORMConfigSpec : DynamicData 4.1
        enabled: boolean?
        congestionThresholdMode: string? 5.1
        congestionThreshold: int?
        percentOfPeakThroughput: int? 5.1
        statsCollectionEnabled: boolean? 5.0
        reservationEnabled: boolean? 6.0
        statsAggregationDisabled: boolean? 5.0
        reservableIopsThreshold: int? 6.0

data StorageIORMInfo : DynamicData 4.1
        enabled: boolean
        congestionThresholdMode: string 5.1
        congestionThreshold: int
        percentOfPeakThroughput: int? 5.1
        statsCollectionEnabled: boolean 5.0
        reservationEnabled: boolean 6.0
        statsAggregationDisabled: boolean? 5.0
        reservableIopsThreshold: int? 6.0

enum StorageIORMThresholdMode 5.1
        automatic
        manual

data StorageMigrationAction : ClusterAction 5.0
        vm: VirtualMachine
        relocateSpec: VirtualMachineRelocateSpec
        source: Datastore
        destination: Datastore
        sizeTransferred: long
        spaceUtilSrcBefore: float?
        spaceUtilDstBefore: float?
        spaceUtilSrcAfter: float?
        spaceUtilDstAfter: float?
        ioLatencySrcBefore: float?
        ioLatencyDstBefore: float?

data StoragePerformanceSummary : DynamicData 5.1
        interval: int
        percentile: int[]
        datastoreReadLatency: double[]
        datastoreWriteLatency: double[]
        datastoreVmLatency: double[]
        datastoreReadIops: double[]
        datastoreWriteIops: double[]
        siocActivityDuration: int

data StoragePlacementAction : ClusterAction 5.0
        vm: VirtualMachine?
        relocateSpec: VirtualMachineRelocateSpec
        destination: Datastore
        spaceUtilBefore: float?
        spaceDemandBefore: float? 6.0
        spaceUtilAfter: float?
        spaceDemandAfter: float? 6.0
        ioLatencyBefore: float?

data StoragePlacementResult : DynamicData 5.0
        recommendations: ClusterRecommendation[]?
        drsFault: ClusterDrsFaults?
        task: Task?

data StoragePlacementSpec : DynamicData 5.0
        type: string
        priority: VirtualMachineMovePriority?
        vm: VirtualMachine?
        podSelectionSpec: StorageDrsPodSelectionSpec
        cloneSpec: VirtualMachineCloneSpec?
        cloneName: string?
        configSpec: VirtualMachineConfigSpec?
        relocateSpec: VirtualMachineRelocateSpec?
        resourcePool: ResourcePool?
        host: HostSystem?
        folder: Folder?
        disallowPrerequisiteMoves: boolean? 5.1
        resourceLeaseDurationSec: int? 5.1

enum StoragePlacementSpecPlacementType 5.0
        create
        reconfigure
        relocate
        clone

managed StoragePod : Folder 5.0
        summary: StoragePodSummary? needs System.View
        podStorageDrsEntry: PodStorageDrsEntry? needs System.Read

data StoragePodSummary : DynamicData 5.0
        name: string
        capacity: long
        freeSpace: long

managed StorageQueryManager : ManagedObject 6.7.2
        QueryHostsWithAttachedLun(lunUuid: string): HostSystem[]?
                needs System.Read

managed StorageResourceManager : ManagedObject 4.1
        ConfigureDatastoreIORM_Task(datastore: Datastore, spec: StorageIORMConfigSpec): Task
                throws IORMNotSupportedHostOnDatastore InaccessibleDatastore
        QueryIORMConfigOption(host: HostSystem): StorageIORMConfigOption
                needs Datastore.Config
        QueryDatastorePerformanceSummary(datastore: Datastore): StoragePerformanceSummary[]? 5.1
                needs System.View
                throws NotFound
        ApplyStorageDrsRecommendationToPod_Task(pod: StoragePod, key: string): Task 5.0
                needs System.View
        ApplyStorageDrsRecommendation_Task(key: string[]): Task 5.0
                needs System.View
        CancelStorageDrsRecommendation(key: string[]): void 5.0
                needs System.View
        RefreshStorageDrsRecommendation(pod: StoragePod): void 5.0
                needs System.View
        RefreshStorageDrsRecommendationsForPod_Task(pod: StoragePod): Task 6.7
                needs System.View
                throws InvalidArgument
        ConfigureStorageDrsForPod_Task(pod: StoragePod, spec: StorageDrsConfigSpec, modify: boolean): Task 5.0
        ValidateStoragePodConfig(pod: StoragePod, spec: StorageDrsConfigSpec): LocalizedMethodFault? 6.7
                needs System.View
        RecommendDatastores(storageSpec: StoragePlacementSpec): StoragePlacementResult 5.0
                needs System.View

data StorageResourceManagerStorageProfileStatistics : DynamicData 6.0
        profileId: string
        totalSpaceMB: long
        usedSpaceMB: long

data StringExpression : NegatableExpression 5.5
        value: string?

data StringOption : OptionType 2.0
        defaultValue: string
        validCharacters: string?

data StringPolicy : InheritablePolicy 4.0
        value: string?

data Tag : DynamicData 4.0
        key: string

managed Task : ExtensibleManagedObject 2.0
        info: TaskInfo
        CancelTask(): void
                throws InvalidState
        UpdateProgress(percentDone: int): void 2.5
                needs Task.Update
                throws InvalidState OutOfBounds
        SetTaskState(state: TaskInfoState, result: anyType?, fault: LocalizedMethodFault?): void 2.5
                needs Task.Update
                throws InvalidState
        SetTaskDescription(description: LocalizableMessage): void 4.0
                needs Task.Update

data TaskDescription : DynamicData 2.0
        methodInfo: ElementDescription[]
        state: ElementDescription[]
        reason: TypeDescription[]

data TaskFilterSpec : DynamicData 2.0
        entity: TaskFilterSpecByEntity?
        time: TaskFilterSpecByTime?
        userName: TaskFilterSpecByUsername?
        activationId: string[]? 6.0
        state: TaskInfoState[]?
        alarm: Alarm?
        scheduledTask: ScheduledTask?
        eventChainId: int[]? 4.0
        tag: string[]? 4.0
        parentTaskKey: string[]? 4.0
        rootTaskKey: string[]? 4.0

data TaskFilterSpecByEntity : DynamicData 2.0
        entity: ManagedEntity
        recursion: TaskFilterSpecRecursionOption

data TaskFilterSpecByTime : DynamicData 2.0
        timeType: TaskFilterSpecTimeOption
        beginTime: dateTime?
        endTime: dateTime?

data TaskFilterSpecByUsername : DynamicData 2.0
        systemUser: boolean
        userList: string[]?

enum TaskFilterSpecRecursionOption 2.0
        self
        children
        all

enum TaskFilterSpecTimeOption 2.0
        queuedTime
        startedTime
        completedTime

managed TaskHistoryCollector : HistoryCollector 2.0
        latestPage: TaskInfo[]?
        ReadNextTasks(maxCount: int): TaskInfo[]?
        ReadPreviousTasks(maxCount: int): TaskInfo[]?

data TaskInfo : DynamicData 2.0
        key: string
        task: Task
        description: LocalizableMessage? 4.0
        name: MethodName?
        descriptionId: string
        entity: ManagedEntity?
        entityName: string?
        locked: ManagedEntity[]?
        state: TaskInfoState
        cancelled: boolean
        cancelable: boolean
        error: LocalizedMethodFault?
        result: anyType?
        progress: int?
        reason: TaskReason
        queueTime: dateTime
        startTime: dateTime?
        completeTime: dateTime?
        eventChainId: int
        changeTag: string? 4.0
        parentTaskKey: string? 4.0
        rootTaskKey: string? 4.0
        activationId: string? 6.0

enum TaskInfoState 2.0
        queued
        running
        success
        error

managed TaskManager : ManagedObject 2.0
        recentTask: Task[]? needs System.View
        description: TaskDescription needs System.View
        maxCollector: int needs System.View
        CreateCollectorForTasks(filter: TaskFilterSpec): TaskHistoryCollector
                needs System.View
                throws InvalidState
        CreateTask(obj: ManagedObject, taskTypeId: string, initiatedBy: string?, cancelable: boolean, parentTaskKey: string? 4.0, activationId: string? 6.0): TaskInfo 2.5
                needs Task.Create

data TaskReason : DynamicData 2.0

data TaskReasonAlarm : TaskReason 2.0
        alarmName: string
        alarm: Alarm
        entityName: string
        entity: ManagedEntity

data TaskReasonSchedule : TaskReason 2.0
        name: string
        scheduledTask: ScheduledTask

data TaskReasonSystem : TaskReason 2.0

data TaskReasonUser : TaskReason 2.0
        userName: string

managed TenantTenantManager : ManagedObject 6.9.1
        MarkServiceProviderEntities(entity: ManagedEntity[]?): void
                needs TenantManager.Update
                throws ManagedObjectNotFound AuthMinimumAdminPermission
        UnmarkServiceProviderEntities(entity: ManagedEntity[]?): void
                needs TenantManager.Update
                throws ManagedObjectNotFound
        RetrieveServiceProviderEntities(): ManagedEntity[]?
                needs TenantManager.Query

data TypeDescription : Description 2.0
        key: TypeName

data UpdateVirtualMachineFilesResult : DynamicData 4.1
        failedVmFile: UpdateVirtualMachineFilesResultFailedVmFileInfo[]?

data UpdateVirtualMachineFilesResultFailedVmFileInfo : DynamicData 4.1
        vmFile: string
        fault: LocalizedMethodFault

managed UserDirectory : ManagedObject 2.0
        domainList: string[]? needs System.View
        RetrieveUserGroups(domain: string?, searchStr: string, belongsToGroup: string?, belongsToUser: string?, exactMatch: boolean, findUsers: boolean, findGroups: boolean): UserSearchResult[]?
                throws NotFound

data UserPrivilegeResult : DynamicData 6.5
        entity: ManagedEntity
        privileges: string[]?

data UserSearchResult : DynamicData 2.0
        principal: string
        fullName: string?
        group: boolean

data UserSession : DynamicData 2.0
        key: string
        userName: string
        fullName: string
        loginTime: dateTime
        lastActiveTime: dateTime
        locale: string
        messageLocale: string
        extensionSession: boolean 5.0
        ipAddress: string 5.1
        userAgent: string 5.1
        callCount: long 5.1

data VASAStorageArray : DynamicData 6.0
        name: string
        uuid: string
        vendorId: string
        modelId: string

enum VMotionCompatibilityType 2.0
        cpu
        software

data VStorageObject : DynamicData 6.5
        config: VStorageObjectConfigInfo

data VStorageObjectAssociations : DynamicData 6.7
        id: ID
        vmDiskAssociations: VStorageObjectAssociationsVmDiskAssociations[]?
        fault: LocalizedMethodFault?

data VStorageObjectAssociationsVmDiskAssociations : DynamicData 6.7
        vmId: string
        diskKey: int

data VStorageObjectConfigInfo : BaseConfigInfo 6.5
        capacityInMB: long
        consumptionType: string[]?
        consumerId: ID[]?

enum VStorageObjectConsumptionType 6.5
        disk

managed VStorageObjectManagerBase : ManagedObject 6.5

data VStorageObjectSnapshotDetails : DynamicData 6.7
        path: string?
        changedBlockTrackingId: string?

data VStorageObjectSnapshotInfo : DynamicData 6.7
        snapshots: VStorageObjectSnapshotInfoVStorageObjectSnapshot[]?

data VStorageObjectSnapshotInfoVStorageObjectSnapshot : DynamicData 6.7
        id: ID?
        backingObjectId: string?
        createTime: dateTime
        description: string

data VStorageObjectStateInfo : DynamicData 6.5
        tentative: boolean?

data VVolVmConfigFileUpdateResult : DynamicData 6.5
        succeededVmConfigFile: KeyValue[]?
        failedVmConfigFile: VVolVmConfigFileUpdateResultFailedVmConfigFileInfo[]?

data VVolVmConfigFileUpdateResultFailedVmConfigFileInfo : DynamicData 6.5
        targetConfigVVolId: string
        dsPath: string? 7.0
        fault: LocalizedMethodFault

enum ValidateMigrationTestType 2.0
        sourceTests
        compatibilityTests
        diskAccessibilityTests
        resourceTests

data VasaProviderContainerSpec : DynamicData 6.0
        vasaProviderInfo: VimVasaProviderInfo[]?
        scId: string
        deleted: boolean

managed VcenterVStorageObjectManager : VStorageObjectManagerBase 6.5
        CreateDisk_Task(spec: VslmCreateSpec): Task
                needs System.View
                throws FileFault InvalidDatastore
        RegisterDisk(path: string, name: string?): VStorageObject
                needs System.View
                throws FileFault InvalidDatastore AlreadyExists
        ExtendDisk_Task(id: ID, datastore: Datastore, newCapacityInMB: long): Task
                needs System.View
                throws FileFault NotFound InvalidDatastore InvalidState TaskInProgress
        InflateDisk_Task(id: ID, datastore: Datastore): Task
                needs System.View
                throws FileFault NotFound InvalidDatastore InvalidState TaskInProgress
        RenameVStorageObject(id: ID, datastore: Datastore, name: string): void
                needs System.View
                throws FileFault InvalidDatastore NotFound
        UpdateVStorageObjectPolicy_Task(id: ID, datastore: Datastore, profile: VirtualMachineProfileSpec[]?): Task 6.7
                needs System.View
                throws FileFault InvalidDatastore NotFound TaskInProgress
        UpdateVStorageObjectCrypto_Task(id: ID, datastore: Datastore, profile: VirtualMachineProfileSpec[]?, disksCrypto: DiskCryptoSpec?): Task 7.0
                needs System.View
                throws FileFault InvalidDatastore NotFound TaskInProgress
        UpdateVStorageInfrastructureObjectPolicy_Task(spec: vslmInfrastructureObjectPolicySpec): Task 6.7
                needs System.View
                throws InvalidDatastore NotFound InvalidState TaskInProgress
        RetrieveVStorageInfrastructureObjectPolicy(datastore: Datastore): vslmInfrastructureObjectPolicy[]? 6.7
                needs System.View
                throws InvalidDatastore NotFound InvalidState
        DeleteVStorageObject_Task(id: ID, datastore: Datastore): Task
                needs System.View
                throws FileFault InvalidDatastore InvalidState NotFound TaskInProgress
        RetrieveVStorageObject(id: ID, datastore: Datastore): VStorageObject
                needs System.View
                throws FileFault InvalidDatastore NotFound
        RetrieveVStorageObjectState(id: ID, datastore: Datastore): VStorageObjectStateInfo
                needs System.View
                throws FileFault InvalidDatastore NotFound
        RetrieveVStorageObjectAssociations(ids: RetrieveVStorageObjSpec[]?): VStorageObjectAssociations[]? 6.7
                needs System.View
        ListVStorageObject(datastore: Datastore): ID[]?
                needs System.View
                throws InvalidDatastore
        CloneVStorageObject_Task(id: ID, datastore: Datastore, spec: VslmCloneSpec): Task
                needs System.View
                throws FileFault InvalidDatastore NotFound
        RelocateVStorageObject_Task(id: ID, datastore: Datastore, spec: VslmRelocateSpec): Task
                needs System.View
                throws FileFault InvalidDatastore InvalidState NotFound
        SetVStorageObjectControlFlags(id: ID, datastore: Datastore, controlFlags: string[]?): void 6.7
                needs System.View
                throws InvalidDatastore InvalidState NotFound
        ClearVStorageObjectControlFlags(id: ID, datastore: Datastore, controlFlags: string[]?): void 6.7
                needs System.View
                throws InvalidDatastore InvalidState NotFound
        AttachTagToVStorageObject(id: ID, category: string, tag: string): void
                needs System.Read
                throws NotFound
        DetachTagFromVStorageObject(id: ID, category: string, tag: string): void
                needs System.Read
                throws NotFound
        ListVStorageObjectsAttachedToTag(category: string, tag: string): ID[]?
                needs System.Read
                throws NotFound
        ListTagsAttachedToVStorageObject(id: ID): VslmTagEntry[]?
                needs System.Read
                throws NotFound
        ReconcileDatastoreInventory_Task(datastore: Datastore): Task
                needs System.View
                throws InvalidDatastore NotFound
        ScheduleReconcileDatastoreInventory(datastore: Datastore): void
                needs System.View
                throws InvalidDatastore NotFound
        VStorageObjectCreateSnapshot_Task(id: ID, datastore: Datastore, description: string): Task 6.7
                needs System.View
                throws InvalidDatastore NotFound FileFault InvalidState
        DeleteSnapshot_Task(id: ID, datastore: Datastore, snapshotId: ID): Task 6.7
                needs System.View
                throws InvalidDatastore NotFound FileFault InvalidState
        RetrieveSnapshotInfo(id: ID, datastore: Datastore): VStorageObjectSnapshotInfo 6.7
                needs System.View
                throws InvalidDatastore NotFound FileFault InvalidState
        CreateDiskFromSnapshot_Task(id: ID, datastore: Datastore, snapshotId: ID, name: string, profile: VirtualMachineProfileSpec[]?, crypto: CryptoSpec?, path: string?): Task 6.7
                needs System.View
                throws InvalidDatastore NotFound FileFault InvalidState
        RevertVStorageObject_Task(id: ID, datastore: Datastore, snapshotId: ID): Task 6.7
                needs System.View
                throws InvalidDatastore NotFound FileFault InvalidState
        RetrieveSnapshotDetails(id: ID, datastore: Datastore, snapshotId: ID): VStorageObjectSnapshotDetails 6.7
                needs System.View
                throws InvalidDatastore NotFound FileFault InvalidState
        VstorageObjectVCenterQueryChangedDiskAreas(id: ID, datastore: Datastore, snapshotId: ID, startOffset: long, changeId: string): DiskChangeInfo 6.7
                needs System.View
                throws InvalidDatastore NotFound FileFault InvalidState InvalidArgument

data VchaClusterConfigInfo : DynamicData 6.5
        failoverNodeInfo1: FailoverNodeInfo?
        failoverNodeInfo2: FailoverNodeInfo?
        witnessNodeInfo: WitnessNodeInfo?
        state: string

data VchaClusterConfigSpec : DynamicData 6.5
        passiveIp: string
        witnessIp: string

data VchaClusterDeploymentSpec : DynamicData 6.5
        passiveDeploymentSpec: PassiveNodeDeploymentSpec
        witnessDeploymentSpec: NodeDeploymentSpec
        activeVcSpec: SourceNodeSpec
        activeVcNetworkConfig: ClusterNetworkConfigSpec?

data VchaClusterHealth : DynamicData 6.5
        runtimeInfo: VchaClusterRuntimeInfo
        healthMessages: LocalizableMessage[]?
        additionalInformation: LocalizableMessage[]?

enum VchaClusterMode 6.5
        enabled
        disabled
        maintenance

data VchaClusterNetworkSpec : DynamicData 6.5
        witnessNetworkSpec: NodeNetworkSpec
        passiveNetworkSpec: PassiveNodeNetworkSpec

data VchaClusterRuntimeInfo : DynamicData 6.5
        clusterState: string
        nodeInfo: VchaNodeRuntimeInfo[]?
        clusterMode: string

enum VchaClusterState 6.5
        healthy
        degraded
        isolated

enum VchaNodeRole 6.5
        active
        passive
        witness

data VchaNodeRuntimeInfo : DynamicData 6.5
        nodeState: string
        nodeRole: string
        nodeIp: string

enum VchaNodeState 6.5
        up
        down

enum VchaState 6.5
        configured
        notConfigured
        invalid
        prepared

managed View : ManagedObject 2.5
        DestroyView(): void
                needs System.View

managed ViewManager : ManagedObject 2.5
        viewList: View[]? needs System.View
        CreateInventoryView(): InventoryView
                needs System.View
        CreateContainerView(container: ManagedEntity, type: TypeName[]?, recursive: boolean): ContainerView
                needs System.View
        CreateListView(obj: ManagedObject[]?): ListView
                needs System.View
        CreateListViewFromView(view: View): ListView
                needs System.View

data VimVasaProvider : DynamicData 6.0
        uid: string? 6.7
        url: string
        name: string?
        selfSignedCertificate: string?

data VimVasaProviderInfo : DynamicData 6.0
        provider: VimVasaProvider
        arrayState: VimVasaProviderStatePerArray[]?

data VimVasaProviderStatePerArray : DynamicData 6.0
        priority: int
        arrayId: string
        active: boolean

managed VirtualApp : ResourcePool 4.0
        parentFolder: Folder? needs System.View
        datastore: Datastore[]? needs System.View
        network: Network[]? needs System.View
        vAppConfig: VAppConfigInfo? needs System.Read
        parentVApp: ManagedEntity? 4.1
        childLink: VirtualAppLinkInfo[]? 4.1
        UpdateVAppConfig(spec: VAppConfigSpec): void
                throws TaskInProgress VmConfigFault ConcurrentAccess FileFault InvalidName DuplicateName
                        InvalidState InsufficientResourcesFault InvalidDatastore
        UpdateLinkedChildren(addChangeSet: VirtualAppLinkInfo[]?, removeSet: ManagedEntity[]?): void 4.1
                throws ConcurrentAccess
        CloneVApp_Task(name: string, target: ResourcePool, spec: VAppCloneSpec): Task
                needs VApp.Clone
                throws InvalidState InvalidDatastore TaskInProgress VmConfigFault FileFault MigrationFault
                        InsufficientResourcesFault
        ExportVApp(): HttpNfcLease
                needs VApp.Export
                throws InvalidPowerState TaskInProgress InvalidState FileFault
        PowerOnVApp_Task(): Task
                needs VApp.PowerOn
                throws TaskInProgress InvalidState InsufficientResourcesFault VmConfigFault VAppConfigFault
                        FileFault
        PowerOffVApp_Task(force: boolean): Task
                needs VApp.PowerOff
                throws TaskInProgress InvalidState VAppConfigFault
        SuspendVApp_Task(): Task 4.1
                needs VApp.Suspend
                throws TaskInProgress InvalidState VAppConfigFault
        unregisterVApp_Task(): Task
                needs VApp.Unregister
                throws ConcurrentAccess InvalidState

data VirtualAppLinkInfo : DynamicData 4.1
        key: ManagedEntity
        destroyWithParent: boolean?

data VirtualAppSummary : ResourcePoolSummary 4.0
        product: VAppProductInfo?
        vAppState: VirtualAppVAppState?
        suspended: boolean? 4.1
        installBootRequired: boolean?
        instanceUuid: string? 4.1

enum VirtualAppVAppState 4.0
        started
        stopped
        starting
        stopping

enum VirtualDiskAdapterType 2.5
        ide
        busLogic
        lsiLogic

data VirtualDiskAntiAffinityRuleSpec : ClusterRuleInfo 5.0
        diskId: int[]

managed VirtualDiskManager : ManagedObject 2.5
        CreateVirtualDisk_Task(name: string, datacenter: Datacenter?, spec: VirtualDiskSpec): Task
                needs System.View
                throws FileFault InvalidDatastore
        DeleteVirtualDisk_Task(name: string, datacenter: Datacenter?): Task
                needs System.View
                throws FileFault InvalidDatastore
        MoveVirtualDisk_Task(sourceName: string, sourceDatacenter: Datacenter?, destName: string, destDatacenter: Datacenter?, force: boolean?, profile: VirtualMachineProfileSpec[]? 5.5): Task
                needs System.View
                throws FileFault InvalidDatastore
        CopyVirtualDisk_Task(sourceName: string, sourceDatacenter: Datacenter?, destName: string, destDatacenter: Datacenter?, destSpec: VirtualDiskSpec?, force: boolean?): Task
                needs System.View
                throws FileFault InvalidDiskFormat InvalidDatastore
        ExtendVirtualDisk_Task(name: string, datacenter: Datacenter?, newCapacityKb: long, eagerZero: boolean? 4.0): Task
                needs System.View
                throws FileFault InvalidDatastore
        QueryVirtualDiskFragmentation(name: string, datacenter: Datacenter?): int
                needs System.View
                throws FileFault InvalidDatastore
        DefragmentVirtualDisk_Task(name: string, datacenter: Datacenter?): Task
                needs System.View
                throws FileFault InvalidDatastore
        ShrinkVirtualDisk_Task(name: string, datacenter: Datacenter?, copy: boolean?): Task
                needs System.View
                throws FileFault InvalidDatastore
        InflateVirtualDisk_Task(name: string, datacenter: Datacenter?): Task
                needs System.View
                throws FileFault InvalidDatastore
        EagerZeroVirtualDisk_Task(name: string, datacenter: Datacenter?): Task 4.0
                needs System.View
                throws FileFault InvalidDatastore
        ZeroFillVirtualDisk_Task(name: string, datacenter: Datacenter?): Task
                needs System.View
                throws FileFault InvalidDatastore
        SetVirtualDiskUuid(name: string, datacenter: Datacenter?, uuid: string): void
                needs System.View
                throws FileFault InvalidDatastore
        QueryVirtualDiskUuid(name: string, datacenter: Datacenter?): string
                needs System.View
                throws FileFault InvalidDatastore
        QueryVirtualDiskGeometry(name: string, datacenter: Datacenter?): HostDiskDimensionsChs
                needs System.View
                throws FileFault InvalidDatastore
        ImportUnmanagedSnapshot(vdisk: string, datacenter: Datacenter?, vvolId: string): void 6.0
                needs System.View
                throws NotFound InvalidDatastore
        ReleaseManagedSnapshot(vdisk: string, datacenter: Datacenter?): void 6.5
                needs System.View
                throws InvalidDatastore FileNotFound

data VirtualDiskRuleSpec : ClusterRuleInfo 6.7
        diskRuleType: string
        diskId: int[]?

enum VirtualDiskRuleSpecRuleType 6.7
        affinity
        antiAffinity
        disabled

data VirtualDiskSpec : DynamicData 2.5
        diskType: string
        adapterType: string

enum VirtualDiskType 2.5
        preallocated
        thin
        seSparse 5.1
        rdm
        rdmp
        raw
        delta 5.5
        sparse2Gb
        thick2Gb
        eagerZeroedThick
        sparseMonolithic 4.0
        flatMonolithic 4.0
        thick

managed VirtualizationManager : ManagedObject 2.5

data VmPodConfigForPlacement : DynamicData 5.0
        storagePod: StoragePod
        disk: PodDiskLocator[]?
        vmConfig: StorageDrsVmConfigInfo?
        interVmRule: ClusterRuleInfo[]?

managed VsanUpgradeSystem : ManagedObject 6.0
        PerformVsanUpgradePreflightCheck(cluster: ClusterComputeResource, downgradeFormat: boolean?): VsanUpgradeSystemPreflightCheckResult
                needs System.Read
                throws VsanFault
        QueryVsanUpgradeStatus(cluster: ClusterComputeResource): VsanUpgradeSystemUpgradeStatus
                needs System.Read
                throws VsanFault
        PerformVsanUpgrade_Task(cluster: ClusterComputeResource, performObjectUpgrade: boolean?, downgradeFormat: boolean?, allowReducedRedundancy: boolean?, excludeHosts: HostSystem[]?): Task
                needs System.Read
                throws VsanFault

data VsanUpgradeSystemAPIBrokenIssue : VsanUpgradeSystemPreflightCheckIssue 6.0
        hosts: HostSystem[]

data VsanUpgradeSystemAutoClaimEnabledOnHostsIssue : VsanUpgradeSystemPreflightCheckIssue 6.0
        hosts: HostSystem[]

data VsanUpgradeSystemHostsDisconnectedIssue : VsanUpgradeSystemPreflightCheckIssue 6.0
        hosts: HostSystem[]

data VsanUpgradeSystemMissingHostsInClusterIssue : VsanUpgradeSystemPreflightCheckIssue 6.0
        hosts: HostSystem[]

data VsanUpgradeSystemNetworkPartitionInfo : DynamicData 6.0
        hosts: HostSystem[]

data VsanUpgradeSystemNetworkPartitionIssue : VsanUpgradeSystemPreflightCheckIssue 6.0
        partitions: VsanUpgradeSystemNetworkPartitionInfo[]

data VsanUpgradeSystemNotEnoughFreeCapacityIssue : VsanUpgradeSystemPreflightCheckIssue 6.0
        reducedRedundancyUpgradePossible: boolean

data VsanUpgradeSystemPreflightCheckIssue : DynamicData 6.0
        msg: string

data VsanUpgradeSystemPreflightCheckResult : DynamicData 6.0
        issues: VsanUpgradeSystemPreflightCheckIssue[]?
        diskMappingToRestore: VsanHostDiskMapping?

data VsanUpgradeSystemRogueHostsInClusterIssue : VsanUpgradeSystemPreflightCheckIssue 6.0
        uuids: string[]

data VsanUpgradeSystemUpgradeHistoryDiskGroupOp : VsanUpgradeSystemUpgradeHistoryItem 6.0
        operation: string
        diskMapping: VsanHostDiskMapping

enum VsanUpgradeSystemUpgradeHistoryDiskGroupOpType 6.0
        add
        remove

data VsanUpgradeSystemUpgradeHistoryItem : DynamicData 6.0
        timestamp: dateTime
        host: HostSystem?
        message: string
        task: Task?

data VsanUpgradeSystemUpgradeHistoryPreflightFail : VsanUpgradeSystemUpgradeHistoryItem 6.0
        preflightResult: VsanUpgradeSystemPreflightCheckResult

data VsanUpgradeSystemUpgradeStatus : DynamicData 6.0
        inProgress: boolean
        history: VsanUpgradeSystemUpgradeHistoryItem[]?
        aborted: boolean?
        completed: boolean?
        progress: int?

data VsanUpgradeSystemV2ObjectsPresentDuringDowngradeIssue : VsanUpgradeSystemPreflightCheckIssue 6.0
        uuids: string[]

data VsanUpgradeSystemWrongEsxVersionIssue : VsanUpgradeSystemPreflightCheckIssue 6.0
        hosts: HostSystem[]

data VslmCloneSpec : VslmMigrateSpec 6.5
        name: string
        keepAfterDeleteVm: boolean? 6.7
        metadata: KeyValue[]? 6.7.2

data VslmCreateSpec : DynamicData 6.5
        name: string
        keepAfterDeleteVm: boolean? 6.7
        backingSpec: VslmCreateSpecBackingSpec
        capacityInMB: long
        profile: VirtualMachineProfileSpec[]? 6.7
        crypto: CryptoSpec? 7.0
        metadata: KeyValue[]? 6.7.2

data VslmCreateSpecBackingSpec : DynamicData 6.5
        datastore: Datastore
        path: string? 6.7

data VslmCreateSpecDiskFileBackingSpec : VslmCreateSpecBackingSpec 6.5
        provisioningType: string?

data VslmCreateSpecRawDiskMappingBackingSpec : VslmCreateSpecBackingSpec 6.5
        lunUuid: string
        compatibilityMode: string

data VslmMigrateSpec : DynamicData 6.5
        backingSpec: VslmCreateSpecBackingSpec
        profile: VirtualMachineProfileSpec[]? 6.7
        consolidate: boolean?
        disksCrypto: DiskCryptoSpec? 7.0

data VslmRelocateSpec : VslmMigrateSpec 6.5

data VslmTagEntry : DynamicData 6.5
        tagName: string
        parentCategoryName: string

data WinNetBIOSConfigInfo : NetBIOSConfigInfo 4.1
        primaryWINS: string
        secondaryWINS: string?

data WitnessNodeInfo : DynamicData 6.5
        ipSettings: CustomizationIPSettings
        biosUuid: string?

data vslmInfrastructureObjectPolicy : DynamicData 6.7
        name: string
        backingObjectId: string
        profileId: string
        error: LocalizedMethodFault?

data vslmInfrastructureObjectPolicySpec : DynamicData 6.7
        datastore: Datastore
        profile: VirtualMachineProfileSpec[]?

enum vslmVStorageObjectControlFlag 6.7
        keepAfterDeleteVm
        disableRelocation
        enableChangedBlockTracking

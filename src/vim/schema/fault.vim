# SPDX-License-Identifier: LGPL-2.1-or-later

data ActiveDirectoryFault : VimFault 4.1
        errorCode: int?

data ActiveVMsBlockingEVC : EVCConfigFault 2.5
        evcMode: string? 4.0
        host: HostSystem[]? 4.0
        hostName: string[]? 4.0

data AdminDisabled : HostConfigFault 2.5

data AdminNotDisabled : HostConfigFault 2.5

data AffinityConfigured : MigrationFault 2.0
        configuredAffinity: string[]

enum AffinityType 2.0
        memory
        cpu

data AgentInstallFailed : HostConnectFault 2.0
        reason: string? 4.0
        statusCode: int? 4.0
        installerOutput: string? 4.0

enum AgentInstallFailedReason 4.0
        NotEnoughSpaceOnDevice
        PrepareToUpgradeFailed
        AgentNotRunning
        AgentNotReachable
        InstallTimedout
        SignatureVerificationFailed
        AgentUploadFailed
        AgentUploadTimedout
        UnknownInstallerError

data AlreadyBeingManaged : HostConnectFault 2.0
        ipAddress: string

data AlreadyConnected : HostConnectFault 2.0
        name: string

data AlreadyExists : VimFault 2.0
        name: string?

data AlreadyUpgraded : VimFault 2.0

data AnswerFileUpdateFailed : VimFault 5.0
        failure: AnswerFileUpdateFailure[]

data AnswerFileUpdateFailure : DynamicData 5.0
        userInputPath: ProfilePropertyPath
        errMsg: LocalizableMessage

data ApplicationQuiesceFault : SnapshotFault 2.0

data AuthMinimumAdminPermission : VimFault 2.0

data BackupBlobReadFailure : DvsFault 5.1
        entityName: string
        entityType: string
        fault: LocalizedMethodFault

data BackupBlobWriteFailure : DvsFault 5.1
        entityName: string
        entityType: string
        fault: LocalizedMethodFault

data BlockedByFirewall : HostConfigFault 4.1

data CAMServerRefusedConnection : InvalidCAMServer 5.0

data CannotAccessFile : FileFault 2.0

data CannotAccessLocalSource : VimFault 2.0

data CannotAccessNetwork : CannotAccessVmDevice 2.0
        network: Network? 6.0

data CannotAccessVmComponent : VmConfigFault 2.0

data CannotAccessVmConfig : CannotAccessVmComponent 2.0
        reason: LocalizedMethodFault

data CannotAccessVmDevice : CannotAccessVmComponent 2.0
        device: string
        backing: string
        connected: boolean

data CannotAccessVmDisk : CannotAccessVmDevice 2.0
        fault: LocalizedMethodFault

data CannotAddHostWithFTVmAsStandalone : HostConnectFault 4.0

data CannotAddHostWithFTVmToDifferentCluster : HostConnectFault 4.0

data CannotAddHostWithFTVmToNonHACluster : HostConnectFault 4.0

data CannotChangeDrsBehaviorForFtSecondary : VmFaultToleranceIssue 4.1
        vm: VirtualMachine
        vmName: string

data CannotChangeHaSettingsForFtSecondary : VmFaultToleranceIssue 4.1
        vm: VirtualMachine
        vmName: string

data CannotChangeVsanClusterUuid : VsanFault 5.5

data CannotChangeVsanNodeUuid : VsanFault 5.5

data CannotComputeFTCompatibleHosts : VmFaultToleranceIssue 6.0
        vm: VirtualMachine
        vmName: string

data CannotCreateFile : FileFault 2.5

data CannotDecryptPasswords : CustomizationFault 2.0

data CannotDeleteFile : FileFault 2.0

data CannotDisableDrsOnClustersWithVApps : RuntimeFault 4.1

data CannotDisableSnapshot : VmConfigFault 2.5

data CannotDisconnectHostWithFaultToleranceVm : VimFault 4.0
        hostName: string

data CannotEnableVmcpForCluster : VimFault 6.0
        host: HostSystem?
        hostName: string?
        reason: string?

enum CannotEnableVmcpForClusterReason 6.0
        APDTimeoutDisabled
        IncompatibleHostVersion

data CannotModifyConfigCpuRequirements : MigrationFault 2.0

data CannotMoveFaultToleranceVm : VimFault 4.0
        moveType: string
        vmName: string

enum CannotMoveFaultToleranceVmMoveType 4.0
        resourcePool
        cluster

data CannotMoveHostWithFaultToleranceVm : VimFault 4.0

data CannotMoveVmWithDeltaDisk : MigrationFault 5.0
        device: string

data CannotMoveVmWithNativeDeltaDisk : MigrationFault 5.0

data CannotMoveVsanEnabledHost : VsanFault 5.5

data CannotPlaceWithoutPrerequisiteMoves : VimFault 5.1

data CannotPowerOffVmInCluster : InvalidState 5.0
        operation: string
        vm: VirtualMachine
        vmName: string

enum CannotPowerOffVmInClusterOperation 5.0
        suspend
        powerOff
        guestShutdown
        guestSuspend

data CannotReconfigureVsanWhenHaEnabled : VsanFault 5.5

data CannotUseNetwork : VmConfigFault 5.5
        device: string
        backing: string
        connected: boolean
        reason: string
        network: Network? 6.0

enum CannotUseNetworkReason 5.5
        NetworkReservationNotSupported
        MismatchedNetworkPolicies
        MismatchedDvsVersionOrVendor
        VMotionToUnsupportedNetworkType
        NetworkUnderMaintenance 7.0
        MismatchedEnsMode 7.0

data ClockSkew : HostConfigFault 4.1

data CloneFromSnapshotNotSupported : MigrationFault 4.0

data CollectorAddressUnset : DvsFault 5.1

data ConcurrentAccess : VimFault 2.0

data ConflictingConfiguration : DvsFault 5.5
        configInConflict: ConflictingConfigurationConfig[]

data ConflictingConfigurationConfig : DynamicData 5.5
        entity: ManagedEntity?
        propertyPath: string

data ConflictingDatastoreFound : RuntimeFault 5.1
        name: string
        url: string

data ConnectedIso : OvfExport 4.0
        cdrom: VirtualCdrom
        filename: string

data CpuCompatibilityUnknown : CpuIncompatible 2.0

data CpuHotPlugNotSupported : VmConfigFault 4.0

data CpuIncompatible : VirtualHardwareCompatibilityIssue 2.0
        level: int
        registerName: string
        registerBits: string? 2.5
        desiredBits: string? 2.5
        host: HostSystem? 2.5

data CpuIncompatible1ECX : CpuIncompatible 2.5
        sse3: boolean
        pclmulqdq: boolean 5.0
        ssse3: boolean
        sse41: boolean
        sse42: boolean
        aes: boolean 5.0
        other: boolean
        otherOnly: boolean

data CpuIncompatible81EDX : CpuIncompatible 2.5
        nx: boolean
        ffxsr: boolean
        rdtscp: boolean
        lm: boolean
        other: boolean
        otherOnly: boolean

data CustomizationFault : VimFault 2.0

data CustomizationPending : CustomizationFault 2.5

data DVPortNotSupported : DeviceBackingNotSupported 4.1

data DasConfigFault : VimFault 2.0
        reason: string? 4.0
        output: string? 4.0
        event: Event[]? 4.0

enum DasConfigFaultDasConfigFaultReason 4.0
        HostNetworkMisconfiguration
        HostMisconfiguration
        InsufficientPrivileges
        NoPrimaryAgentAvailable
        Other
        NoDatastoresConfigured 5.1
        CreateConfigVvolFailed 6.0
        VSanNotSupportedOnHost 5.5
        DasNetworkMisconfiguration 6.0
        SetDesiredImageSpecFailed 7.0
        ApplyHAVibsOnClusterFailed 7.0

data DatabaseError : RuntimeFault 2.0

data DatacenterMismatch : MigrationFault 2.0
        invalidArgument: DatacenterMismatchArgument[]
        expectedDatacenter: Datacenter

data DatacenterMismatchArgument : DynamicData 2.0
        entity: ManagedEntity
        inputDatacenter: Datacenter?

data DatastoreNotWritableOnHost : InvalidDatastore 2.0
        host: HostSystem

data DeltaDiskFormatNotSupported : VmConfigFault 5.0
        datastore: Datastore[]?
        deltaDiskFormat: string

data DestinationSwitchFull : CannotAccessNetwork 2.0

data DestinationVsanDisabled : CannotMoveVsanEnabledHost 5.5
        destinationCluster: string

data DeviceBackingNotSupported : DeviceNotSupported 2.5
        backing: string

data DeviceControllerNotSupported : DeviceNotSupported 2.5
        controller: string

data DeviceHotPlugNotSupported : InvalidDeviceSpec 2.5

data DeviceNotFound : InvalidDeviceSpec 2.0

data DeviceNotSupported : VirtualHardwareCompatibilityIssue 2.0
        device: string
        reason: string? 2.5

enum DeviceNotSupportedReason 2.5
        host
        guest
        ft 7.0

data DeviceUnsupportedForVmPlatform : InvalidDeviceSpec 2.5

data DeviceUnsupportedForVmVersion : InvalidDeviceSpec 2.5
        currentVersion: string
        expectedVersion: string

data DigestNotSupported : DeviceNotSupported 6.0

data DirectoryNotEmpty : FileFault 5.0

data DisableAdminNotSupported : HostConfigFault 2.5

data DisallowedChangeByService : RuntimeFault 5.0
        serviceName: string
        disallowedChange: string?

enum DisallowedChangeByServiceDisallowedChange 5.0
        hotExtendDisk

data DisallowedDiskModeChange : InvalidDeviceSpec 2.0

data DisallowedMigrationDeviceAttached : MigrationFault 2.0
        fault: LocalizedMethodFault

data DisallowedOperationOnFailoverHost : RuntimeFault 4.0
        host: HostSystem
        hostname: string

data DisconnectedHostsBlockingEVC : EVCConfigFault 2.5

data DiskHasPartitions : VsanDiskFault 5.5

data DiskIsLastRemainingNonSSD : VsanDiskFault 5.5

data DiskIsNonLocal : VsanDiskFault 5.5

data DiskIsUSB : VsanDiskFault 5.5

data DiskMoveTypeNotSupported : MigrationFault 4.0

data DiskNotSupported : VirtualHardwareCompatibilityIssue 2.0
        disk: int

data DiskTooSmall : VsanDiskFault 5.5

data DomainNotFound : ActiveDirectoryFault 4.1
        domainName: string

data DrsDisabledOnVm : VimFault 4.0

data DrsVmotionIncompatibleFault : VirtualHardwareCompatibilityIssue 4.0
        host: HostSystem

data DuplicateDisks : VsanDiskFault 5.5

data DuplicateName : VimFault 2.0
        name: string
        object: ManagedObject

data DuplicateVsanNetworkInterface : VsanFault 5.5
        device: string

data DvsApplyOperationFault : DvsFault 5.1
        objectFault: DvsApplyOperationFaultFaultOnObject[]

data DvsApplyOperationFaultFaultOnObject : DynamicData 5.1
        objectId: string
        type: TypeName
        fault: LocalizedMethodFault

data DvsFault : VimFault 4.0

data DvsNotAuthorized : DvsFault 4.0
        sessionExtensionKey: string?
        dvsExtensionKey: string?

data DvsOperationBulkFault : DvsFault 4.0
        hostFault: DvsOperationBulkFaultFaultOnHost[]

data DvsOperationBulkFaultFaultOnHost : DynamicData 4.0
        host: HostSystem
        fault: LocalizedMethodFault

data DvsScopeViolated : DvsFault 4.0
        scope: ManagedEntity[]
        entity: ManagedEntity

data EVCAdmissionFailed : NotSupportedHostInCluster 4.0
        faults: LocalizedMethodFault[]? 5.1

data EVCAdmissionFailedCPUFeaturesForMode : EVCAdmissionFailed 4.0
        currentEVCModeKey: string

data EVCAdmissionFailedCPUModel : EVCAdmissionFailed 4.0

data EVCAdmissionFailedCPUModelForMode : EVCAdmissionFailed 4.0
        currentEVCModeKey: string

data EVCAdmissionFailedCPUVendor : EVCAdmissionFailed 4.0
        clusterCPUVendor: string
        hostCPUVendor: string

data EVCAdmissionFailedCPUVendorUnknown : EVCAdmissionFailed 4.0

data EVCAdmissionFailedHostDisconnected : EVCAdmissionFailed 4.0

data EVCAdmissionFailedHostSoftware : EVCAdmissionFailed 4.0

data EVCAdmissionFailedHostSoftwareForMode : EVCAdmissionFailed 4.0

data EVCAdmissionFailedVmActive : EVCAdmissionFailed 4.0

data EVCConfigFault : VimFault 2.5
        faults: LocalizedMethodFault[]? 5.1

data EVCModeIllegalByVendor : EVCConfigFault 2.5
        clusterCPUVendor: string
        modeCPUVendor: string

data EVCModeUnsupportedByHosts : EVCConfigFault 4.0
        evcMode: string?
        host: HostSystem[]?
        hostName: string[]?

data EVCUnsupportedByHostHardware : EVCConfigFault 4.1
        host: HostSystem[]
        hostName: string[]

data EVCUnsupportedByHostSoftware : EVCConfigFault 4.1
        host: HostSystem[]
        hostName: string[]

data EightHostLimitViolated : VmConfigFault 4.0

data EncryptionKeyRequired : InvalidState 6.7
        requiredKey: CryptoKeyId[]?

data ExpiredAddonLicense : ExpiredFeatureLicense 2.5

data ExpiredEditionLicense : ExpiredFeatureLicense 2.5

data ExpiredFeatureLicense : NotEnoughLicenses 2.5
        feature: string
        count: int
        expirationDate: dateTime

data ExtendedFault : VimFault 2.5
        faultTypeId: string
        data: KeyValue[]?

data FailToEnableSPBM : NotEnoughLicenses 5.0
        cs: ComputeResource
        csName: string
        hostLicenseStates: ComputeResourceHostSPBMLicenseInfo[]

data FailToLockFaultToleranceVMs : RuntimeFault 4.1
        vmName: string
        vm: VirtualMachine
        alreadyLockedVm: VirtualMachine

data FaultToleranceAntiAffinityViolated : MigrationFault 4.0
        hostName: string
        host: HostSystem

data FaultToleranceCannotEditMem : VmConfigFault 4.1
        vmName: string
        vm: VirtualMachine

data FaultToleranceCpuIncompatible : CpuIncompatible 4.0
        model: boolean
        family: boolean
        stepping: boolean

data FaultToleranceNeedsThickDisk : MigrationFault 4.1
        vmName: string

data FaultToleranceNotLicensed : VmFaultToleranceIssue 4.0
        hostName: string?

data FaultToleranceNotSameBuild : MigrationFault 4.0
        build: string

data FaultTolerancePrimaryPowerOnNotAttempted : VmFaultToleranceIssue 4.0
        secondaryVm: VirtualMachine
        primaryVm: VirtualMachine

data FaultToleranceVmNotDasProtected : VimFault 5.0
        vm: VirtualMachine
        vmName: string

data FcoeFault : VimFault 5.0

data FcoeFaultPnicHasNoPortSet : FcoeFault 5.0
        nicDevice: string

data FeatureRequirementsNotMet : VirtualHardwareCompatibilityIssue 5.1
        featureRequirement: VirtualMachineFeatureRequirement[]?
        vm: VirtualMachine?
        host: HostSystem?

data FileAlreadyExists : FileFault 2.0

data FileBackedPortNotSupported : DeviceNotSupported 2.5

data FileFault : VimFault 2.0
        file: string

data FileLocked : FileFault 2.0

data FileNameTooLong : FileFault 5.0

data FileNotFound : FileFault 2.0

data FileNotWritable : FileFault 2.0

data FileTooLarge : FileFault 2.5
        datastore: string
        fileSize: long
        maxFileSize: long?

data FilesystemQuiesceFault : SnapshotFault 2.0

data FilterInUse : ResourceInUse 6.0
        disk: VirtualDiskId[]?

data FtIssuesOnHost : VmFaultToleranceIssue 4.0
        host: HostSystem
        hostName: string
        errors: LocalizedMethodFault[]?

enum FtIssuesOnHostHostSelectionType 4.0
        user
        vc
        drs

data FullStorageVMotionNotSupported : MigrationFeatureNotSupported 2.5

data GatewayConnectFault : HostConnectFault 6.0
        gatewayType: string
        gatewayId: string
        gatewayInfo: string
        details: LocalizableMessage?

data GatewayHostNotReachable : GatewayToHostConnectFault 6.0

data GatewayNotFound : GatewayConnectFault 6.0

data GatewayNotReachable : GatewayConnectFault 6.0

data GatewayOperationRefused : GatewayConnectFault 6.0

data GatewayToHostAuthFault : GatewayToHostConnectFault 6.0
        invalidProperties: string[]
        missingProperties: string[]

data GatewayToHostConnectFault : GatewayConnectFault 6.0
        hostname: string
        port: int?

data GatewayToHostTrustVerifyFault : GatewayToHostConnectFault 6.0
        verificationToken: string
        propertiesToVerify: KeyValue[]

data GenericDrsFault : VimFault 2.5
        hostFaults: LocalizedMethodFault[]?

data GenericVmConfigFault : VmConfigFault 2.0
        reason: string

data GuestAuthenticationChallenge : GuestOperationsFault 5.0
        serverChallenge: GuestAuthentication
        sessionID: long

data GuestComponentsOutOfDate : GuestOperationsFault 5.0

data GuestMultipleMappings : GuestOperationsFault 6.0

data GuestOperationsFault : VimFault 5.0

data GuestOperationsUnavailable : GuestOperationsFault 5.0

data GuestPermissionDenied : GuestOperationsFault 5.0

data GuestProcessNotFound : GuestOperationsFault 5.0
        pid: long

data GuestRegistryFault : GuestOperationsFault 6.0
        windowsSystemErrorCode: long

data GuestRegistryKeyAlreadyExists : GuestRegistryKeyFault 6.0

data GuestRegistryKeyFault : GuestRegistryFault 6.0
        keyName: string

data GuestRegistryKeyHasSubkeys : GuestRegistryKeyFault 6.0

data GuestRegistryKeyInvalid : GuestRegistryKeyFault 6.0

data GuestRegistryKeyParentVolatile : GuestRegistryKeyFault 6.0

data GuestRegistryValueFault : GuestRegistryFault 6.0
        keyName: string
        valueName: string

data GuestRegistryValueNotFound : GuestRegistryValueFault 6.0

data HAErrorsAtDest : MigrationFault 2.5

data HeterogenousHostsBlockingEVC : EVCConfigFault 2.5

data HostAccessRestrictedToManagementServer : NotSupported 5.0
        managementServer: string

data HostConfigFailed : HostConfigFault 4.0
        failure: LocalizedMethodFault[]

data HostConfigFault : VimFault 2.0

data HostConnectFault : VimFault 2.0

data HostHasComponentFailure : VimFault 6.0
        hostName: string
        componentType: string
        componentName: string

enum HostHasComponentFailureHostComponentType 6.0
        Datastore

data HostInDomain : HostConfigFault 4.1

data HostIncompatibleForFaultTolerance : VmFaultToleranceIssue 4.0
        hostName: string?
        reason: string?

enum HostIncompatibleForFaultToleranceReason 4.0
        product
        processor

data HostIncompatibleForRecordReplay : VimFault 4.0
        hostName: string?
        reason: string?

enum HostIncompatibleForRecordReplayReason 4.0
        product
        processor

data HostInventoryFull : NotEnoughLicenses 2.5
        capacity: int

data HostPowerOpFailed : VimFault 2.5

data HostSpecificationOperationFailed : VimFault 6.5
        host: HostSystem

data HotSnapshotMoveNotSupported : SnapshotCopyNotSupported 2.5

data HttpFault : VimFault 4.0
        statusCode: int
        statusMessage: string

data IDEDiskNotSupported : DiskNotSupported 2.0

data IORMNotSupportedHostOnDatastore : VimFault 4.1
        datastore: Datastore
        datastoreName: string
        host: HostSystem[]?

data ImportHostAddFailure : DvsFault 5.1
        hostIp: string[]

data ImportOperationBulkFault : DvsFault 5.1
        importFaults: ImportOperationBulkFaultFaultOnImport[]

data ImportOperationBulkFaultFaultOnImport : DynamicData 5.1
        entityType: string?
        key: string?
        fault: LocalizedMethodFault

data InUseFeatureManipulationDisallowed : NotEnoughLicenses 4.0

data InaccessibleDatastore : InvalidDatastore 2.0
        detail: string? 5.0

data InaccessibleFTMetadataDatastore : InaccessibleDatastore 6.0

data InaccessibleVFlashSource : VimFault 5.5
        hostName: string

data IncompatibleDefaultDevice : MigrationFault 2.5
        device: string

data IncompatibleHostForFtSecondary : VmFaultToleranceIssue 4.0
        host: HostSystem
        error: LocalizedMethodFault[]?

data IncompatibleHostForVmReplication : ReplicationFault 6.0
        vmName: string
        hostName: string
        reason: string

enum IncompatibleHostForVmReplicationIncompatibleReason 6.0
        rpo
        netCompression

data IncompatibleSetting : InvalidArgument 2.0
        conflictingProperty: PropertyPath

data IncorrectFileType : FileFault 2.0

data IncorrectHostInformation : NotEnoughLicenses 2.5

data IndependentDiskVMotionNotSupported : MigrationFeatureNotSupported 2.5

data InsufficientAgentVmsDeployed : InsufficientResourcesFault 5.0
        hostName: string
        requiredNumAgentVms: int
        currentNumAgentVms: int

data InsufficientCpuResourcesFault : InsufficientResourcesFault 2.0
        unreserved: long
        requested: long

data InsufficientDisks : VsanDiskFault 5.5

data InsufficientFailoverResourcesFault : InsufficientResourcesFault 2.0

data InsufficientGraphicsResourcesFault : InsufficientResourcesFault 6.0

data InsufficientHostCapacityFault : InsufficientResourcesFault 2.0
        host: HostSystem? 2.5

data InsufficientHostCpuCapacityFault : InsufficientHostCapacityFault 4.0
        unreserved: long
        requested: long

data InsufficientHostMemoryCapacityFault : InsufficientHostCapacityFault 4.0
        unreserved: long
        requested: long

data InsufficientMemoryResourcesFault : InsufficientResourcesFault 2.0
        unreserved: long
        requested: long

data InsufficientNetworkCapacity : InsufficientResourcesFault 6.0

data InsufficientNetworkResourcePoolCapacity : InsufficientResourcesFault 6.0
        dvsName: string
        dvsUuid: string
        resourcePoolKey: string
        available: long
        requested: long
        device: string[]

data InsufficientPerCpuCapacity : InsufficientHostCapacityFault 2.5

data InsufficientResourcesFault : VimFault 2.0

data InsufficientStandbyCpuResource : InsufficientStandbyResource 4.0
        available: long
        requested: long

data InsufficientStandbyMemoryResource : InsufficientStandbyResource 4.0
        available: long
        requested: long

data InsufficientStandbyResource : InsufficientResourcesFault 4.0

data InsufficientStorageIops : VimFault 6.0
        unreservedIops: long
        requestedIops: long
        datastoreName: string

data InsufficientStorageSpace : InsufficientResourcesFault 5.0

data InsufficientVFlashResourcesFault : InsufficientResourcesFault 5.5
        freeSpaceInMB: long? 6.0
        freeSpace: long
        requestedSpaceInMB: long? 6.0
        requestedSpace: long

data InvalidAffinitySettingFault : VimFault 2.5

data InvalidBmcRole : VimFault 4.0

data InvalidBundle : PlatformConfigFault 2.5

data InvalidCAMCertificate : InvalidCAMServer 5.0

data InvalidCAMServer : ActiveDirectoryFault 5.0
        camServer: string

data InvalidClientCertificate : InvalidLogin 2.5

data InvalidController : InvalidDeviceSpec 2.0
        controllerKey: int

data InvalidDasConfigArgument : InvalidArgument 5.1
        entry: string?
        clusterName: string?

enum InvalidDasConfigArgumentEntryForInvalidArgument 5.1
        admissionControl
        userHeartbeatDs
        vmConfig

data InvalidDasRestartPriorityForFtVm : InvalidArgument 4.1
        vm: VirtualMachine
        vmName: string

data InvalidDatastore : VimFault 2.0
        datastore: Datastore?
        name: string?

data InvalidDatastorePath : InvalidDatastore 2.0
        datastorePath: string

data InvalidDatastoreState : InvalidState 5.0
        datastoreName: string?

data InvalidDeviceBacking : InvalidDeviceSpec 2.0

data InvalidDeviceOperation : InvalidDeviceSpec 2.0
        badOp: VirtualDeviceConfigSpecOperation?
        badFileOp: VirtualDeviceConfigSpecFileOperation?

data InvalidDeviceSpec : InvalidVmConfig 2.0
        deviceIndex: int

data InvalidDiskFormat : InvalidFormat 2.0

data InvalidDrsBehaviorForFtVm : InvalidArgument 4.0
        vm: VirtualMachine
        vmName: string

data InvalidEditionLicense : NotEnoughLicenses 2.5
        feature: string

data InvalidEvent : VimFault 2.5

data InvalidFolder : VimFault 2.0
        target: ManagedEntity

data InvalidFormat : VmConfigFault 2.0

data InvalidGuestLogin : GuestOperationsFault 5.0

data InvalidHostConnectionState : InvalidHostState 5.1

data InvalidHostName : HostConfigFault 4.1

data InvalidHostState : InvalidState 2.5
        host: HostSystem?

data InvalidIndexArgument : InvalidArgument 4.0
        key: string

data InvalidIpfixConfig : DvsFault 5.1
        property: PropertyPath?

data InvalidIpmiLoginInfo : VimFault 4.0

data InvalidIpmiMacAddress : VimFault 4.0
        userProvidedMacAddress: string
        observedMacAddress: string

data InvalidLicense : VimFault 2.0
        licenseContent: string

data InvalidLocale : VimFault 2.0

data InvalidLogin : VimFault 2.0

data InvalidName : VimFault 2.0
        name: string
        entity: ManagedEntity?

data InvalidNasCredentials : NasConfigFault 2.5
        userName: string

data InvalidNetworkInType : VAppPropertyFault 4.0

data InvalidNetworkResource : NasConfigFault 2.5
        remoteHost: string
        remotePath: string

data InvalidOperationOnSecondaryVm : VmFaultToleranceIssue 4.0
        instanceUuid: string

data InvalidPowerState : InvalidState 2.0
        requestedState: VirtualMachinePowerState?
        existingState: VirtualMachinePowerState

data InvalidPrivilege : VimFault 2.0
        privilege: string

data InvalidProfileReferenceHost : RuntimeFault 5.0
        reason: string?
        host: HostSystem?
        profile: Profile?
        profileName: string? 6.5

enum InvalidProfileReferenceHostReason 5.0
        incompatibleVersion
        missingReferenceHost

data InvalidPropertyType : VAppPropertyFault 4.0

data InvalidPropertyValue : VAppPropertyFault 4.0

data InvalidResourcePoolStructureFault : InsufficientResourcesFault 2.0

data InvalidSnapshotFormat : InvalidFormat 2.0

data InvalidState : VimFault 2.0

data InvalidVmConfig : VmConfigFault 2.0
        property: PropertyPath?

data InvalidVmState : InvalidState 6.5
        vm: VirtualMachine

data InventoryHasStandardAloneHosts : NotEnoughLicenses 4.0
        hosts: string[]

data IpHostnameGeneratorError : CustomizationFault 2.0

data IscsiFault : VimFault 5.0

data IscsiFaultInvalidVnic : IscsiFault 5.0
        vnicDevice: string

data IscsiFaultPnicInUse : IscsiFault 5.0
        pnicDevice: string

data IscsiFaultVnicAlreadyBound : IscsiFault 5.0
        vnicDevice: string

data IscsiFaultVnicHasActivePaths : IscsiFault 5.0
        vnicDevice: string

data IscsiFaultVnicHasMultipleUplinks : IscsiFault 5.0
        vnicDevice: string

data IscsiFaultVnicHasNoUplinks : IscsiFault 5.0
        vnicDevice: string

data IscsiFaultVnicHasWrongUplink : IscsiFault 5.0
        vnicDevice: string

data IscsiFaultVnicInUse : IscsiFault 5.0
        vnicDevice: string

data IscsiFaultVnicIsLastPath : IscsiFault 5.0
        vnicDevice: string

data IscsiFaultVnicNotBound : IscsiFault 5.0
        vnicDevice: string

data IscsiFaultVnicNotFound : IscsiFault 5.0
        vnicDevice: string

data KeyNotFound : VimFault 6.7.2
        key: string

data LargeRDMConversionNotSupported : MigrationFault 5.0
        device: string

data LargeRDMNotSupportedOnDatastore : VmConfigFault 5.0
        device: string
        datastore: Datastore
        datastoreName: string

data LegacyNetworkInterfaceInUse : CannotAccessNetwork 2.0

data LicenseAssignmentFailed : RuntimeFault 4.0
        reason: string?

enum LicenseAssignmentFailedReason 4.0
        keyEntityMismatch
        downgradeDisallowed
        inventoryNotManageableByVirtualCenter
        hostsUnmanageableByVirtualCenterWithoutLicenseServer

data LicenseDowngradeDisallowed : NotEnoughLicenses 4.0
        edition: string
        entityId: string
        features: KeyAnyValue[]

data LicenseEntityNotFound : VimFault 4.0
        entityId: string

data LicenseExpired : NotEnoughLicenses 4.0
        licenseKey: string

data LicenseKeyEntityMismatch : NotEnoughLicenses 4.0

data LicenseRestricted : NotEnoughLicenses 2.5

data LicenseServerUnavailable : VimFault 2.0
        licenseServer: string

data LicenseSourceUnavailable : NotEnoughLicenses 2.5
        licenseSource: LicenseSource

data LimitExceeded : VimFault 4.0
        property: PropertyPath?
        limit: int?

data LinuxVolumeNotClean : CustomizationFault 2.0

data LogBundlingFailed : VimFault 2.0

data MaintenanceModeFileMove : MigrationFault 2.5

data MemoryFileFormatNotSupportedByDatastore : UnsupportedDatastore 6.0
        datastoreName: string
        type: string

data MemoryHotPlugNotSupported : VmConfigFault 4.0

data MemorySizeNotRecommended : VirtualHardwareCompatibilityIssue 2.5
        memorySizeMB: int
        minMemorySizeMB: int
        maxMemorySizeMB: int

data MemorySizeNotSupported : VirtualHardwareCompatibilityIssue 2.5
        memorySizeMB: int
        minMemorySizeMB: int
        maxMemorySizeMB: int

data MemorySizeNotSupportedByDatastore : VirtualHardwareCompatibilityIssue 5.0
        datastore: Datastore
        memorySizeMB: int
        maxMemorySizeMB: int

data MemorySnapshotOnIndependentDisk : SnapshotFault 2.0

data MethodAlreadyDisabledFault : RuntimeFault 4.1
        sourceId: string

data MethodDisabled : RuntimeFault 2.5
        source: string? 4.1

data MigrationDisabled : MigrationFault 4.0

data MigrationFault : VimFault 2.0

data MigrationFeatureNotSupported : MigrationFault 2.5
        atSourceHost: boolean
        failedHostName: string
        failedHost: HostSystem

data MigrationNotReady : MigrationFault 4.0
        reason: string

data MismatchedBundle : VimFault 2.5
        bundleUuid: string
        hostUuid: string
        bundleBuildNumber: int
        hostBuildNumber: int

data MismatchedNetworkPolicies : MigrationFault 2.0
        device: string
        backing: string
        connected: boolean

data MismatchedVMotionNetworkNames : MigrationFault 2.0
        sourceNetwork: string
        destNetwork: string

data MissingBmcSupport : VimFault 4.0

data MissingController : InvalidDeviceSpec 2.0

data MissingIpPool : VAppPropertyFault 5.0

data MissingLinuxCustResources : CustomizationFault 2.0

data MissingNetworkIpConfig : VAppPropertyFault 4.0

data MissingPowerOffConfiguration : VAppConfigFault 4.0

data MissingPowerOnConfiguration : VAppConfigFault 4.0

data MissingWindowsCustResources : CustomizationFault 2.0

data MksConnectionLimitReached : InvalidState 5.0
        connectionLimit: int

data MountError : CustomizationFault 2.0
        vm: VirtualMachine
        diskIndex: int

data MultiWriterNotSupported : DeviceNotSupported 6.0

data MultipleCertificatesVerifyFault : HostConnectFault 4.0
        thumbprintData: MultipleCertificatesVerifyFaultThumbprintData[]

data MultipleCertificatesVerifyFaultThumbprintData : DynamicData 4.0
        port: int
        thumbprint: string

data MultipleSnapshotsNotSupported : SnapshotFault 2.0

data NamespaceFull : VimFault 5.1
        name: string
        currentMaxSize: long
        requiredSize: long?

data NamespaceLimitReached : VimFault 5.1
        limit: int?

data NamespaceWriteProtected : VimFault 5.1
        name: string

data NasConfigFault : HostConfigFault 2.5
        name: string

data NasConnectionLimitReached : NasConfigFault 2.5
        remoteHost: string
        remotePath: string

data NasSessionCredentialConflict : NasConfigFault 2.5
        remoteHost: string
        remotePath: string
        userName: string

data NasVolumeNotMounted : NasConfigFault 2.5
        remoteHost: string
        remotePath: string

data NetworkCopyFault : FileFault 2.0

data NetworkDisruptedAndConfigRolledBack : VimFault 5.1
        host: string

data NetworkInaccessible : NasConfigFault 2.5

data NetworksMayNotBeTheSame : MigrationFault 2.5
        name: string?

data NicSettingMismatch : CustomizationFault 2.5
        numberOfNicsInSpec: int
        numberOfNicsInVM: int

data NoActiveHostInCluster : InvalidState 2.0
        computeResource: ComputeResource

data NoAvailableIp : VAppPropertyFault 4.0
        network: Network

data NoClientCertificate : VimFault 2.5

data NoCompatibleDatastore : VimFault 5.0

data NoCompatibleHardAffinityHost : VmConfigFault 4.1
        vmName: string

data NoCompatibleHost : VimFault 4.0
        host: HostSystem[]?
        error: LocalizedMethodFault[]?

data NoCompatibleHostWithAccessToDevice : NoCompatibleHost 4.1

data NoCompatibleSoftAffinityHost : VmConfigFault 4.1
        vmName: string

data NoConnectedDatastore : VimFault 5.0

data NoDiskFound : VimFault 2.0

data NoDiskSpace : FileFault 2.0
        datastore: string

data NoDisksToCustomize : CustomizationFault 2.0

data NoGateway : HostConfigFault 2.0

data NoGuestHeartbeat : MigrationFault 2.0

data NoHost : HostConnectFault 2.0
        name: string?

data NoHostSuitableForFtSecondary : VmFaultToleranceIssue 4.0
        vm: VirtualMachine
        vmName: string

data NoLicenseServerConfigured : NotEnoughLicenses 4.0

data NoPeerHostFound : HostPowerOpFailed 2.5

data NoPermission : SecurityError 2.0
        object: ManagedObject
        privilegeId: string

data NoPermissionOnAD : ActiveDirectoryFault 4.1

data NoPermissionOnHost : HostConnectFault 2.0

data NoPermissionOnNasVolume : NasConfigFault 2.5
        userName: string?

data NoSubjectName : VimFault 2.5

data NoVcManagedIpConfigured : VAppPropertyFault 4.0

data NoVirtualNic : HostConfigFault 2.0

data NoVmInVApp : VAppConfigFault 4.0

data NonADUserRequired : ActiveDirectoryFault 4.1

data NonHomeRDMVMotionNotSupported : MigrationFeatureNotSupported 2.5
        device: string

data NonPersistentDisksNotSupported : DeviceNotSupported 2.5

data NonVmwareOuiMacNotSupportedHost : NotSupportedHost 5.1
        hostName: string

data NotADirectory : FileFault 5.0

data NotAFile : FileFault 5.0

data NotAuthenticated : NoPermission 2.5

data NotEnoughCpus : VirtualHardwareCompatibilityIssue 2.0
        numCpuDest: int
        numCpuVm: int

data NotEnoughLogicalCpus : NotEnoughCpus 2.0
        host: HostSystem? 2.5

data NotFound : VimFault 2.0

data NotSupportedDeviceForFT : VmFaultToleranceIssue 4.1
        host: HostSystem
        hostName: string?
        vm: VirtualMachine
        vmName: string?
        deviceType: string
        deviceLabel: string?

enum NotSupportedDeviceForFTDeviceType 4.1
        virtualVmxnet3
        paraVirtualSCSIController

data NotSupportedHost : HostConnectFault 2.0
        productName: string?
        productVersion: string?

data NotSupportedHostForChecksum : VimFault 6.0

data NotSupportedHostForVFlash : NotSupportedHost 5.5
        hostName: string

data NotSupportedHostForVmcp : NotSupportedHost 6.0
        hostName: string

data NotSupportedHostForVmemFile : NotSupportedHost 6.0
        hostName: string

data NotSupportedHostForVsan : NotSupportedHost 5.5
        hostName: string

data NotSupportedHostInCluster : NotSupportedHost 4.0

data NotSupportedHostInDvs : NotSupportedHost 4.1
        switchProductSpec: DistributedVirtualSwitchProductSpec

data NotSupportedHostInHACluster : NotSupportedHost 5.0
        hostName: string
        build: string

data NotUserConfigurableProperty : VAppPropertyFault 4.0

data NumVirtualCoresPerSocketNotSupported : VirtualHardwareCompatibilityIssue 5.0
        maxSupportedCoresPerSocketDest: int
        numCoresPerSocketVm: int

data NumVirtualCpusExceedsLimit : InsufficientResourcesFault 4.1
        maxSupportedVcpus: int

data NumVirtualCpusIncompatible : VmConfigFault 4.0
        reason: string
        numCpu: int

enum NumVirtualCpusIncompatibleReason 4.0
        recordReplay
        faultTolerance

data NumVirtualCpusNotSupported : VirtualHardwareCompatibilityIssue 2.0
        maxSupportedVcpusDest: int
        numCpuVm: int

data OperationDisabledByGuest : GuestOperationsFault 5.0

data OperationDisallowedOnHost : RuntimeFault 5.0

data OperationNotSupportedByGuest : GuestOperationsFault 5.0

data OutOfBounds : VimFault 2.0
        argumentName: PropertyPath

data OvfAttribute : OvfInvalidPackage 4.0
        elementName: string
        attributeName: string

data OvfConnectedDevice : OvfHardwareExport 4.0

data OvfConnectedDeviceFloppy : OvfConnectedDevice 4.0
        filename: string

data OvfConnectedDeviceIso : OvfConnectedDevice 4.0
        filename: string

data OvfConstraint : OvfInvalidPackage 4.1
        name: string

data OvfConsumerCallbackFault : OvfFault 5.0
        extensionKey: string
        extensionName: string

data OvfConsumerCommunicationError : OvfConsumerCallbackFault 5.0
        description: string

data OvfConsumerFault : OvfConsumerCallbackFault 5.0
        errorKey: string
        message: string
        params: KeyValue[]?

data OvfConsumerInvalidSection : OvfConsumerCallbackFault 5.0
        lineNumber: int
        description: string

data OvfConsumerPowerOnFault : InvalidState 5.0
        extensionKey: string
        extensionName: string
        description: string

data OvfConsumerUndeclaredSection : OvfConsumerCallbackFault 5.0
        qualifiedSectionType: string

data OvfConsumerUndefinedPrefix : OvfConsumerCallbackFault 5.0
        prefix: string

data OvfConsumerValidationFault : VmConfigFault 5.0
        extensionKey: string
        extensionName: string
        message: string

data OvfCpuCompatibility : OvfImport 5.0
        registerName: string
        level: int
        registerValue: string
        desiredRegisterValue: string

data OvfCpuCompatibilityCheckNotSupported : OvfImport 5.0

data OvfDiskMappingNotFound : OvfSystemFault 4.0
        diskName: string
        vmName: string

data OvfDiskOrderConstraint : OvfConstraint 4.1

data OvfDuplicateElement : OvfElement 4.0

data OvfDuplicatedElementBoundary : OvfElement 4.0
        boundary: string

data OvfDuplicatedPropertyIdExport : OvfExport 5.0
        fqid: string

data OvfDuplicatedPropertyIdImport : OvfExport 5.0

data OvfElement : OvfInvalidPackage 4.0
        name: string

data OvfElementInvalidValue : OvfElement 4.0
        value: string

data OvfExport : OvfFault 4.0

data OvfExportFailed : OvfExport 4.1

data OvfFault : VimFault 4.0

data OvfHardwareCheck : OvfImport 4.0

data OvfHardwareExport : OvfExport 4.0
        device: VirtualDevice?
        vmPath: string

data OvfHostResourceConstraint : OvfConstraint 4.1
        value: string

data OvfHostValueNotParsed : OvfSystemFault 4.0
        property: string
        value: string

data OvfImport : OvfFault 4.0

data OvfImportFailed : OvfImport 4.1

data OvfInternalError : OvfSystemFault 4.1

data OvfInvalidPackage : OvfFault 4.0
        lineNumber: int

data OvfInvalidValue : OvfAttribute 4.0
        value: string

data OvfInvalidValueConfiguration : OvfInvalidValue 4.0

data OvfInvalidValueEmpty : OvfInvalidValue 4.0

data OvfInvalidValueFormatMalformed : OvfInvalidValue 4.0

data OvfInvalidValueReference : OvfInvalidValue 4.0

data OvfInvalidVmName : OvfUnsupportedPackage 4.0
        name: string

data OvfMappedOsId : OvfImport 4.0
        ovfId: int
        ovfDescription: string
        targetDescription: string

data OvfMissingAttribute : OvfAttribute 4.0

data OvfMissingElement : OvfElement 4.0

data OvfMissingElementNormalBoundary : OvfMissingElement 4.0
        boundary: string

data OvfMissingHardware : OvfImport 4.0
        name: string
        resourceType: int

data OvfNetworkMappingNotSupported : OvfImport 5.1

data OvfNoHostNic : OvfUnsupportedPackage 4.0

data OvfNoSpaceOnController : OvfUnsupportedElement 5.0
        parent: string

data OvfNoSupportedHardwareFamily : OvfUnsupportedPackage 4.0
        version: string

data OvfProperty : OvfInvalidPackage 4.0
        type: string
        value: string

data OvfPropertyExport : OvfExport 4.0
        type: string
        value: string

data OvfPropertyNetwork : OvfProperty 4.0

data OvfPropertyNetworkExport : OvfExport 5.0
        network: string

data OvfPropertyQualifier : OvfProperty 4.0
        qualifier: string

data OvfPropertyQualifierDuplicate : OvfProperty 4.0
        qualifier: string

data OvfPropertyQualifierIgnored : OvfProperty 4.0
        qualifier: string

data OvfPropertyType : OvfProperty 4.0

data OvfPropertyValue : OvfProperty 4.0

data OvfSystemFault : OvfFault 4.0

data OvfToXmlUnsupportedElement : OvfSystemFault 4.0
        name: string?

data OvfUnableToExportDisk : OvfHardwareExport 4.0
        diskName: string

data OvfUnexpectedElement : OvfElement 4.0

data OvfUnknownDevice : OvfSystemFault 4.0
        device: VirtualDevice?
        vmName: string

data OvfUnknownDeviceBacking : OvfHardwareExport 4.0
        backing: VirtualDeviceBackingInfo

data OvfUnknownEntity : OvfSystemFault 4.0
        lineNumber: int

data OvfUnsupportedAttribute : OvfUnsupportedPackage 4.0
        elementName: string
        attributeName: string

data OvfUnsupportedAttributeValue : OvfUnsupportedAttribute 4.0
        value: string

data OvfUnsupportedDeviceBackingInfo : OvfSystemFault 4.0
        elementName: string?
        instanceId: string?
        deviceName: string
        backingName: string?

data OvfUnsupportedDeviceBackingOption : OvfSystemFault 4.0
        elementName: string?
        instanceId: string?
        deviceName: string
        backingName: string?

data OvfUnsupportedDeviceExport : OvfHardwareExport 4.0

data OvfUnsupportedDiskProvisioning : OvfImport 4.1
        diskProvisioning: string
        supportedDiskProvisioning: string

data OvfUnsupportedElement : OvfUnsupportedPackage 4.0
        name: string

data OvfUnsupportedElementValue : OvfUnsupportedElement 4.0
        value: string

data OvfUnsupportedPackage : OvfFault 4.0
        lineNumber: int?

data OvfUnsupportedSection : OvfUnsupportedElement 4.0
        info: string

data OvfUnsupportedSubType : OvfUnsupportedPackage 4.0
        elementName: string
        instanceId: string
        deviceType: int
        deviceSubType: string

data OvfUnsupportedType : OvfUnsupportedPackage 4.0
        name: string
        instanceId: string
        deviceType: int

data OvfWrongElement : OvfElement 4.0

data OvfWrongNamespace : OvfInvalidPackage 4.0
        namespaceName: string

data OvfXmlFormat : OvfInvalidPackage 4.0
        description: string

data PasswordExpired : InvalidLogin 6.7.2

data PatchAlreadyInstalled : PatchNotApplicable 2.0

data PatchBinariesNotFound : VimFault 2.0
        patchID: string
        binary: string[]?

data PatchInstallFailed : PlatformConfigFault 2.0
        rolledBack: boolean

data PatchIntegrityError : PlatformConfigFault 2.0

data PatchMetadataCorrupted : PatchMetadataInvalid 2.0

data PatchMetadataInvalid : VimFault 2.0
        patchID: string
        metaData: string[]?

data PatchMetadataNotFound : PatchMetadataInvalid 2.0

data PatchMissingDependencies : PatchNotApplicable 2.0
        prerequisitePatch: string[]?
        prerequisiteLib: string[]?

data PatchNotApplicable : VimFault 2.0
        patchID: string

data PatchSuperseded : PatchNotApplicable 2.0
        supersede: string[]?

data PhysCompatRDMNotSupported : RDMNotSupported 2.0

data PlatformConfigFault : HostConfigFault 2.0
        text: string

data PowerOnFtSecondaryFailed : VmFaultToleranceIssue 4.0
        vm: VirtualMachine
        vmName: string
        hostSelectionBy: FtIssuesOnHostHostSelectionType
        hostErrors: LocalizedMethodFault[]?
        rootCause: LocalizedMethodFault

data PowerOnFtSecondaryTimedout : Timedout 4.0
        vm: VirtualMachine
        vmName: string
        timeout: int

data ProfileUpdateFailed : VimFault 4.0
        failure: ProfileUpdateFailedUpdateFailure[]
        warnings: ProfileUpdateFailedUpdateFailure[]? 6.7

data ProfileUpdateFailedUpdateFailure : DynamicData 4.0
        profilePath: ProfilePropertyPath
        errMsg: LocalizableMessage

data QuarantineModeFault : VmConfigFault 6.5
        vmName: string
        faultType: string

enum QuarantineModeFaultFaultType 6.5
        NoCompatibleNonQuarantinedHost
        CorrectionDisallowed
        CorrectionImpact

data QuestionPending : InvalidState 4.1
        text: string

data QuiesceDatastoreIOForHAFailed : ResourceInUse 5.0
        host: HostSystem
        hostName: string
        ds: Datastore
        dsName: string

data RDMConversionNotSupported : MigrationFault 4.0
        device: string

data RDMNotPreserved : MigrationFault 2.0
        device: string

data RDMNotSupported : DeviceNotSupported 2.0

data RDMNotSupportedOnDatastore : VmConfigFault 2.5
        device: string
        datastore: Datastore
        datastoreName: string

data RDMPointsToInaccessibleDisk : CannotAccessVmDisk 2.0

data RawDiskNotSupported : DeviceNotSupported 2.0

data ReadHostResourcePoolTreeFailed : HostConnectFault 5.0

data ReadOnlyDisksWithLegacyDestination : MigrationFault 2.0
        roDiskCount: int
        timeoutDanger: boolean

data RebootRequired : VimFault 2.0
        patch: string?

data RecordReplayDisabled : VimFault 4.0

data RemoteDeviceNotSupported : DeviceNotSupported 2.0

data RemoveFailed : VimFault 2.0

data ReplicationConfigFault : ReplicationFault 5.0

data ReplicationDiskConfigFault : ReplicationConfigFault 5.0
        reason: string?
        vmRef: VirtualMachine?
        key: int?

enum ReplicationDiskConfigFaultReasonForFault 5.0
        diskNotFound
        diskTypeNotSupported
        invalidDiskKey
        invalidDiskReplicationId
        duplicateDiskReplicationId
        invalidPersistentFilePath
        reconfigureDiskReplicationIdNotAllowed

data ReplicationFault : VimFault 5.0

data ReplicationIncompatibleWithFT : ReplicationFault 5.0

data ReplicationInvalidOptions : ReplicationFault 5.0
        options: string
        entity: ManagedEntity?

data ReplicationNotSupportedOnHost : ReplicationFault 5.0

data ReplicationVmConfigFault : ReplicationConfigFault 5.0
        reason: string?
        vmRef: VirtualMachine?

enum ReplicationVmConfigFaultReasonForFault 5.0
        incompatibleHwVersion
        invalidVmReplicationId
        invalidGenerationNumber
        outOfBoundsRpoValue
        invalidDestinationIpAddress
        invalidDestinationPort
        invalidExtraVmOptions
        staleGenerationNumber
        reconfigureVmReplicationIdNotAllowed
        cannotRetrieveVmReplicationConfiguration
        replicationAlreadyEnabled
        invalidPriorConfiguration
        replicationNotEnabled
        replicationConfigurationFailed
        encryptedVm 6.5
        invalidThumbprint 6.7
        incompatibleDevice 6.7

data ReplicationVmFault : ReplicationFault 5.0
        reason: string
        state: string?
        instanceId: string?
        vm: VirtualMachine

enum ReplicationVmFaultReasonForFault 5.0
        notConfigured
        poweredOff
        suspended
        poweredOn
        offlineReplicating
        invalidState
        invalidInstanceId
        closeDiskError 6.5
        groupExist 6.7

data ReplicationVmInProgressFault : ReplicationVmFault 6.0
        requestedActivity: string
        inProgressActivity: string

enum ReplicationVmInProgressFaultActivity 6.0
        fullSync
        delta

data ResourceInUse : VimFault 2.0
        type: TypeName?
        name: string?

data ResourceNotAvailable : VimFault 4.0
        containerType: TypeName?
        containerName: string?
        type: TypeName?

data RestrictedByAdministrator : RuntimeFault 6.0
        details: string

data RestrictedVersion : SecurityError 2.5

data RollbackFailure : DvsFault 5.1
        entityName: string
        entityType: string

data RuleViolation : VmConfigFault 2.0
        host: HostSystem? 2.5
        rule: ClusterRuleInfo 4.0

data SSLDisabledFault : HostConnectFault 4.0

data SSLVerifyFault : HostConnectFault 2.5
        selfSigned: boolean
        thumbprint: string

data SSPIChallenge : VimFault 2.5
        base64Token: string

data SecondaryVmAlreadyDisabled : VmFaultToleranceIssue 4.0
        instanceUuid: string

data SecondaryVmAlreadyEnabled : VmFaultToleranceIssue 4.0
        instanceUuid: string

data SecondaryVmAlreadyRegistered : VmFaultToleranceIssue 4.0
        instanceUuid: string

data SecondaryVmNotRegistered : VmFaultToleranceIssue 4.0
        instanceUuid: string

data SharedBusControllerNotSupported : DeviceNotSupported 2.0

data ShrinkDiskFault : VimFault 5.1
        diskId: int?

data SnapshotCloneNotSupported : SnapshotCopyNotSupported 2.5

data SnapshotCopyNotSupported : MigrationFault 2.0

data SnapshotDisabled : SnapshotFault 2.5

data SnapshotFault : VimFault 2.0

data SnapshotIncompatibleDeviceInVm : SnapshotFault 2.0
        fault: LocalizedMethodFault

data SnapshotLocked : SnapshotFault 2.5

data SnapshotMoveFromNonHomeNotSupported : SnapshotCopyNotSupported 2.5

data SnapshotMoveNotSupported : SnapshotCopyNotSupported 2.5

data SnapshotMoveToNonHomeNotSupported : SnapshotCopyNotSupported 2.5

data SnapshotNoChange : SnapshotFault 2.5

data SnapshotRevertIssue : MigrationFault 2.0
        snapshotName: string?
        event: Event[]?
        errors: boolean

data SoftRuleVioCorrectionDisallowed : VmConfigFault 4.1
        vmName: string

data SoftRuleVioCorrectionImpact : VmConfigFault 4.1
        vmName: string

data SolutionUserRequired : SecurityError 7.0

data SsdDiskNotAvailable : VimFault 5.5
        devicePath: string

data StorageDrsCannotMoveDiskInMultiWriterMode : VimFault 5.1

data StorageDrsCannotMoveFTVm : VimFault 5.1

data StorageDrsCannotMoveIndependentDisk : VimFault 5.1

data StorageDrsCannotMoveManuallyPlacedSwapFile : VimFault 5.1

data StorageDrsCannotMoveManuallyPlacedVm : VimFault 5.1

data StorageDrsCannotMoveSharedDisk : VimFault 5.1

data StorageDrsCannotMoveTemplate : VimFault 5.1

data StorageDrsCannotMoveVmInUserFolder : VimFault 5.1

data StorageDrsCannotMoveVmWithMountedCDROM : VimFault 5.1

data StorageDrsCannotMoveVmWithNoFilesInLayout : VimFault 5.1

data StorageDrsDatacentersCannotShareDatastore : VimFault 5.5

data StorageDrsDisabledOnVm : VimFault 5.0

data StorageDrsHbrDiskNotMovable : VimFault 6.0
        nonMovableDiskIds: string

data StorageDrsHmsMoveInProgress : VimFault 6.0

data StorageDrsHmsUnreachable : VimFault 6.0

data StorageDrsIolbDisabledInternally : VimFault 5.0

data StorageDrsRelocateDisabled : VimFault 6.0

data StorageDrsStaleHmsCollection : VimFault 6.0

data StorageDrsUnableToMoveFiles : VimFault 5.1

data StorageVMotionNotSupported : MigrationFeatureNotSupported 4.0

data StorageVmotionIncompatible : VirtualHardwareCompatibilityIssue 5.0
        datastore: Datastore?

data SuspendedRelocateNotSupported : MigrationFault 2.0

data SwapDatastoreNotWritableOnHost : DatastoreNotWritableOnHost 2.5

data SwapDatastoreUnset : VimFault 2.5

data SwapPlacementOverrideNotSupported : InvalidVmConfig 2.5

data SwitchIpUnset : DvsFault 5.1

data SwitchNotInUpgradeMode : DvsFault 4.0

data TaskInProgress : VimFault 2.0
        task: Task

data ThirdPartyLicenseAssignmentFailed : RuntimeFault 5.0
        host: HostSystem
        module: string
        reason: string?

enum ThirdPartyLicenseAssignmentFailedReason 5.0
        licenseAssignmentFailed
        moduleNotInstalled

data Timedout : VimFault 2.0

data TooManyConcurrentNativeClones : FileFault 5.0

data TooManyConsecutiveOverrides : VimFault 2.5

data TooManyDevices : InvalidVmConfig 2.0

data TooManyDisksOnLegacyHost : MigrationFault 2.5
        diskCount: int
        timeoutDanger: boolean

data TooManyGuestLogons : GuestOperationsFault 5.0

data TooManyHosts : HostConnectFault 2.0

data TooManyNativeCloneLevels : FileFault 5.0

data TooManyNativeClonesOnFile : FileFault 5.0

data TooManySnapshotLevels : SnapshotFault 2.0

data ToolsAlreadyUpgraded : VmToolsUpgradeFault 4.0

data ToolsAutoUpgradeNotSupported : VmToolsUpgradeFault 4.0

data ToolsImageCopyFailed : VmToolsUpgradeFault 5.1

data ToolsImageNotAvailable : VmToolsUpgradeFault 4.0

data ToolsImageSignatureCheckFailed : VmToolsUpgradeFault 4.0

data ToolsInstallationInProgress : MigrationFault 4.0

data ToolsUnavailable : VimFault 2.0

data ToolsUpgradeCancelled : VmToolsUpgradeFault 4.0

data UnSupportedDatastoreForVFlash : UnsupportedDatastore 5.5
        datastoreName: string
        type: string

data UncommittedUndoableDisk : MigrationFault 2.0

data UnconfiguredPropertyValue : InvalidPropertyValue 4.0

data UncustomizableGuest : CustomizationFault 2.0
        uncustomizableGuestOS: string

data UnexpectedCustomizationFault : CustomizationFault 2.0

data UnrecognizedHost : VimFault 2.5
        hostName: string

data UnsharedSwapVMotionNotSupported : MigrationFeatureNotSupported 2.5

data UnsupportedDatastore : VmConfigFault 2.0
        datastore: Datastore?

data UnsupportedGuest : InvalidVmConfig 2.0
        unsupportedGuestOS: string

data UnsupportedVimApiVersion : VimFault 4.0
        version: string?

data UnsupportedVmxLocation : VmConfigFault 2.0

data UnusedVirtualDiskBlocksNotScrubbed : DeviceBackingNotSupported 4.0

data UserNotFound : VimFault 2.0
        principal: string
        unresolved: boolean

data VAppConfigFault : VimFault 4.0

data VAppNotRunning : VmConfigFault 4.0

data VAppOperationInProgress : RuntimeFault 5.0

data VAppPropertyFault : VmConfigFault 4.0
        id: string
        category: string
        label: string
        type: string
        value: string

data VAppTaskInProgress : TaskInProgress 4.0

data VFlashCacheHotConfigNotSupported : VmConfigFault 6.0

data VFlashModuleNotSupported : VmConfigFault 5.5
        vmName: string
        moduleName: string
        reason: string
        hostName: string

enum VFlashModuleNotSupportedReason 5.5
        CacheModeNotSupported
        CacheConsistencyTypeNotSupported
        CacheBlockSizeNotSupported
        CacheReservationNotSupported
        DiskSizeNotSupported

data VFlashModuleVersionIncompatible : VimFault 5.5
        moduleName: string
        vmRequestModuleVersion: string
        hostMinSupportedVerson: string
        hostModuleVersion: string

data VMINotSupported : DeviceNotSupported 2.5

data VMOnConflictDVPort : CannotAccessNetwork 4.0

data VMOnVirtualIntranet : CannotAccessNetwork 2.0

data VMotionAcrossNetworkNotSupported : MigrationFeatureNotSupported 5.5

data VMotionInterfaceIssue : MigrationFault 2.0
        atSourceHost: boolean
        failedHost: string
        failedHostEntity: HostSystem? 2.5

data VMotionLinkCapacityLow : VMotionInterfaceIssue 2.0
        network: string

data VMotionLinkDown : VMotionInterfaceIssue 2.0
        network: string

data VMotionNotConfigured : VMotionInterfaceIssue 2.0

data VMotionNotLicensed : VMotionInterfaceIssue 2.0

data VMotionNotSupported : VMotionInterfaceIssue 2.0

data VMotionProtocolIncompatible : MigrationFault 2.0

data VimFault : MethodFault 2.0

data VirtualDiskBlocksNotFullyProvisioned : DeviceBackingNotSupported 4.0

data VirtualDiskModeNotSupported : DeviceNotSupported 4.1
        mode: string

data VirtualEthernetCardNotSupported : DeviceNotSupported 2.5

data VirtualHardwareCompatibilityIssue : VmConfigFault 2.0

data VirtualHardwareVersionNotSupported : VirtualHardwareCompatibilityIssue 2.0
        hostName: string 2.5
        host: HostSystem 2.5

data VmAlreadyExistsInDatacenter : InvalidFolder 4.0
        host: HostSystem
        hostname: string
        vm: VirtualMachine[]

data VmConfigFault : VimFault 2.0

data VmConfigIncompatibleForFaultTolerance : VmConfigFault 4.0
        fault: LocalizedMethodFault?

data VmConfigIncompatibleForRecordReplay : VmConfigFault 4.0
        fault: LocalizedMethodFault?

data VmFaultToleranceConfigIssue : VmFaultToleranceIssue 4.0
        reason: string?
        entityName: string?
        entity: ManagedEntity?

enum VmFaultToleranceConfigIssueReasonForIssue 4.0
        haNotEnabled
        moreThanOneSecondary
        recordReplayNotSupported
        replayNotSupported
        templateVm
        multipleVCPU
        hostInactive
        ftUnsupportedHardware
        ftUnsupportedProduct
        missingVMotionNic
        missingFTLoggingNic
        thinDisk
        verifySSLCertificateFlagNotSet
        hasSnapshots
        noConfig
        ftSecondaryVm
        hasLocalDisk
        esxAgentVm 5.0
        video3dEnabled 5.0
        hasUnsupportedDisk 5.1
        insufficientBandwidth 6.0
        hasNestedHVConfiguration 5.1
        hasVFlashConfiguration 5.5
        unsupportedProduct 6.0
        cpuHvUnsupported 6.0
        cpuHwmmuUnsupported 6.0
        cpuHvDisabled 6.0
        hasEFIFirmware 6.0
        tooManyVCPUs 6.7
        tooMuchMemory 6.7
        vMotionNotLicensed 7.0
        ftNotLicensed 7.0
        haAgentIssue 7.0
        unsupportedSPBM 7.0

data VmFaultToleranceConfigIssueWrapper : VmFaultToleranceIssue 4.1
        entityName: string?
        entity: ManagedEntity?
        error: LocalizedMethodFault?

data VmFaultToleranceInvalidFileBacking : VmFaultToleranceIssue 4.0
        backingType: string?
        backingFilename: string?

enum VmFaultToleranceInvalidFileBackingDeviceType 4.0
        virtualFloppy
        virtualCdrom
        virtualSerialPort
        virtualParallelPort
        virtualDisk

data VmFaultToleranceIssue : VimFault 4.0

data VmFaultToleranceOpIssuesList : VmFaultToleranceIssue 4.0
        errors: LocalizedMethodFault[]?
        warnings: LocalizedMethodFault[]?

data VmFaultToleranceTooManyFtVcpusOnHost : InsufficientResourcesFault 6.0
        hostName: string?
        maxNumFtVcpus: int

data VmFaultToleranceTooManyVMsOnHost : InsufficientResourcesFault 4.1
        hostName: string?
        maxNumFtVms: int

data VmHostAffinityRuleViolation : VmConfigFault 4.1
        vmName: string
        hostName: string

data VmLimitLicense : NotEnoughLicenses 2.0
        limit: int

data VmMetadataManagerFault : VimFault 5.5

data VmMonitorIncompatibleForFaultTolerance : VimFault 4.1

data VmPowerOnDisabled : InvalidState 4.0

data VmSmpFaultToleranceTooManyVMsOnHost : InsufficientResourcesFault 6.0
        hostName: string?
        maxNumSmpFtVms: int

data VmToolsUpgradeFault : VimFault 2.0

data VmValidateMaxDevice : VimFault 4.0
        device: string
        max: int
        count: int

data VmWwnConflict : InvalidVmConfig 2.5
        vm: VirtualMachine?
        host: HostSystem?
        name: string?
        wwn: long?

data VmfsAlreadyMounted : VmfsMountFault 4.0

data VmfsAmbiguousMount : VmfsMountFault 4.0

data VmfsMountFault : HostConfigFault 4.0
        uuid: string

data VmotionInterfaceNotEnabled : HostPowerOpFailed 2.5

data VolumeEditorError : CustomizationFault 2.0

data VramLimitLicense : NotEnoughLicenses 5.0
        limit: int

data VsanClusterUuidMismatch : CannotMoveVsanEnabledHost 5.5
        hostClusterUuid: string
        destinationClusterUuid: string

data VsanDiskFault : VsanFault 5.5
        device: string?

data VsanFault : VimFault 5.5

data VsanIncompatibleDiskMapping : VsanDiskFault 6.0

data VspanDestPortConflict : DvsFault 5.0
        vspanSessionKey1: string
        vspanSessionKey2: string
        portKey: string

data VspanPortConflict : DvsFault 5.0
        vspanSessionKey1: string
        vspanSessionKey2: string
        portKey: string

data VspanPortMoveFault : DvsFault 5.0
        srcPortgroupName: string
        destPortgroupName: string
        portKey: string

data VspanPortPromiscChangeFault : DvsFault 5.0
        portKey: string

data VspanPortgroupPromiscChangeFault : DvsFault 5.0
        portgroupName: string

data VspanPortgroupTypeChangeFault : DvsFault 5.0
        portgroupName: string

data VspanPromiscuousPortNotSupported : DvsFault 5.0
        vspanSessionKey: string
        portKey: string

data VspanSameSessionPortConflict : DvsFault 5.0
        vspanSessionKey: string
        portKey: string

data WakeOnLanNotSupported : VirtualHardwareCompatibilityIssue 2.5

data WakeOnLanNotSupportedByVmotionNIC : HostPowerOpFailed 2.5

data WillLoseHAProtection : MigrationFault 5.0
        resolution: string

enum WillLoseHAProtectionResolution 5.0
        svmotion
        relocate

data WillModifyConfigCpuRequirements : MigrationFault 2.0

data WillResetSnapshotDirectory : MigrationFault 5.0

data WipeDiskFault : VimFault 5.1

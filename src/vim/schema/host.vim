# SPDX-License-Identifier: LGPL-2.1-or-later

enum AutoStartAction 2.0
        none
        systemDefault
        powerOn
        powerOff
        guestShutdown
        suspend

data AutoStartDefaults : DynamicData 2.0
        enabled: boolean?
        startDelay: int?
        stopDelay: int?
        waitForHeartbeat: boolean?
        stopAction: string?

data AutoStartPowerInfo : DynamicData 2.0
        key: VirtualMachine
        startOrder: int
        startDelay: int
        waitForHeartbeat: AutoStartWaitHeartbeatSetting
        startAction: string
        stopDelay: int
        stopAction: string

enum AutoStartWaitHeartbeatSetting 2.0
        yes
        no
        systemDefault

enum DiagnosticPartitionStorageType 2.0
        directAttached
        networkAttached

enum DiagnosticPartitionType 2.0
        singleHost
        multiHost

data FcoeConfig : DynamicData 5.0
        priorityClass: int
        sourceMac: string
        vlanRange: FcoeConfigVlanRange[]
        capabilities: FcoeConfigFcoeCapabilities
        fcoeActive: boolean

data FcoeConfigFcoeCapabilities : DynamicData 5.0
        priorityClass: boolean
        sourceMacAddress: boolean
        vlanRange: boolean

data FcoeConfigFcoeSpecification : DynamicData 5.0
        underlyingPnic: string
        priorityClass: int?
        sourceMac: string?
        vlanRange: FcoeConfigVlanRange[]?

data FcoeConfigVlanRange : DynamicData 5.0
        vlanLow: int
        vlanHigh: int

enum FibreChannelPortType 2.0
        fabric
        loop
        pointToPoint
        unknown

data FileInfo : DynamicData 2.0
        path: string
        friendlyName: string? 6.5
        fileSize: long?
        modification: dateTime?
        owner: string? 4.0

data FileQuery : DynamicData 2.0

data FileQueryFlags : DynamicData 2.0
        fileType: boolean
        fileSize: boolean
        modification: boolean
        fileOwner: boolean 4.0

enum FileSystemMountInfoVStorageSupportStatus 4.1
        vStorageSupported
        vStorageUnsupported
        vStorageUnknown

data FloppyImageFileInfo : FileInfo 2.0

data FloppyImageFileQuery : FileQuery 2.0

data FolderFileInfo : FileInfo 2.0

data FolderFileQuery : FileQuery 2.0

data HealthSystemRuntime : DynamicData 2.5
        systemHealthInfo: HostSystemHealthInfo?
        hardwareStatusInfo: HostHardwareStatusInfo?

data HostAccessControlEntry : DynamicData 6.0
        principal: string
        group: boolean
        accessMode: HostAccessMode

managed HostAccessManager : ManagedObject 6.0
        lockdownMode: HostLockdownMode needs System.View
        RetrieveHostAccessControlEntries(): HostAccessControlEntry[]?
                needs Global.Settings
        ChangeAccessMode(principal: string, isGroup: boolean, accessMode: HostAccessMode): void
                needs Global.Settings
                throws AuthMinimumAdminPermission UserNotFound
        QuerySystemUsers(): string[]?
                needs Global.Settings
        UpdateSystemUsers(users: string[]?): void
                needs Global.Settings
                throws UserNotFound
        QueryLockdownExceptions(): string[]?
                needs Global.Settings
        UpdateLockdownExceptions(users: string[]?): void
                needs Global.Settings
                throws AuthMinimumAdminPermission UserNotFound
        ChangeLockdownMode(mode: HostLockdownMode): void
                needs Host.Config.Settings
                throws AuthMinimumAdminPermission

enum HostAccessMode 6.0
        accessNone
        accessAdmin
        accessNoAccess
        accessReadOnly
        accessOther

data HostAccountSpec : DynamicData 2.0
        id: string
        password: string?
        description: string?

data HostActiveDirectory : DynamicData 4.1
        changeOperation: string
        spec: HostActiveDirectorySpec?

managed HostActiveDirectoryAuthentication : HostDirectoryStore 4.1
        JoinDomain_Task(domainName: string, userName: string, password: string): Task
                needs Host.Config.AuthenticationStore
                throws InvalidState HostConfigFault InvalidLogin ActiveDirectoryFault TaskInProgress
        JoinDomainWithCAM_Task(domainName: string, camServer: string): Task 5.0
                needs Host.Config.AuthenticationStore
                throws InvalidState HostConfigFault ActiveDirectoryFault TaskInProgress
        ImportCertificateForCAM_Task(certPath: string, camServer: string): Task 5.0
                needs Host.Config.AuthenticationStore
                throws FileNotFound ActiveDirectoryFault
        LeaveCurrentDomain_Task(force: boolean): Task
                needs Host.Config.AuthenticationStore
                throws InvalidState AuthMinimumAdminPermission ActiveDirectoryFault TaskInProgress
        EnableSmartCardAuthentication(): void 6.0
                needs Host.Config.AuthenticationStore
                throws ActiveDirectoryFault HostConfigFault
        InstallSmartCardTrustAnchor(cert: string): void 6.0
                needs Host.Config.AuthenticationStore
                throws HostConfigFault
        ReplaceSmartCardTrustAnchors(certs: string[]?): void 6.0
                needs Host.Config.AuthenticationStore
        RemoveSmartCardTrustAnchor(issuer: string, serial: string): void 6.0
                needs Host.Config.AuthenticationStore
                throws HostConfigFault
        RemoveSmartCardTrustAnchorByFingerprint(fingerprint: string, digest: string): void 6.0
                needs Host.Config.AuthenticationStore
                throws HostConfigFault
        ListSmartCardTrustAnchors(): string[]? 6.0
                needs Host.Config.AuthenticationStore
                throws HostConfigFault
        DisableSmartCardAuthentication(): void 6.0
                needs Host.Config.AuthenticationStore
                throws ActiveDirectoryFault HostConfigFault

enum HostActiveDirectoryAuthenticationCertificateDigest 6.0
        SHA1

data HostActiveDirectoryInfo : HostDirectoryStoreInfo 4.1
        joinedDomain: string?
        trustedDomain: string[]?
        domainMembershipStatus: string?
        smartCardAuthenticationEnabled: boolean? 6.0

enum HostActiveDirectoryInfoDomainMembershipStatus 4.1
        unknown
        ok
        noServers
        clientTrustBroken
        serverTrustBroken
        inconsistentTrust
        otherProblem

data HostActiveDirectorySpec : DynamicData 4.1
        domainName: string?
        userName: string?
        password: string?
        camServer: string? 5.0
        thumbprint: string? 5.0
        smartCardAuthenticationEnabled: boolean? 6.0
        smartCardTrustAnchors: string[]? 6.0

data HostAssignableHardwareBinding : DynamicData 7.0
        instanceId: string
        vm: VirtualMachine

data HostAssignableHardwareConfig : DynamicData 7.0
        attributeOverride: HostAssignableHardwareConfigAttributeOverride[]?

data HostAssignableHardwareConfigAttributeOverride : DynamicData 7.0
        instanceId: string
        name: string
        value: anyType?

managed HostAssignableHardwareManager : ManagedObject 7.0
        binding: HostAssignableHardwareBinding[]? needs System.Read
        config: HostAssignableHardwareConfig needs System.Read
        DownloadDescriptionTree(): base64Binary
                needs System.Read
        RetrieveDynamicPassthroughInfo(): VirtualMachineDynamicPassthroughInfo[]?
                needs System.Read
        UpdateAssignableHardwareConfig(config: HostAssignableHardwareConfig): void
                needs Host.Config.Settings
                throws HostConfigFault

managed HostAuthenticationManager : ManagedObject 4.1
        info: HostAuthenticationManagerInfo
        supportedStore: HostAuthenticationStore[]

data HostAuthenticationManagerInfo : DynamicData 4.1
        authConfig: HostAuthenticationStoreInfo[]

managed HostAuthenticationStore : ManagedObject 4.1
        info: HostAuthenticationStoreInfo

data HostAuthenticationStoreInfo : DynamicData 4.1
        enabled: boolean

managed HostAutoStartManager : ManagedObject 2.0
        config: HostAutoStartManagerConfig
        ReconfigureAutostart(spec: HostAutoStartManagerConfig): void
                needs Host.Config.AutoStart
        AutoStartPowerOn(): void
                needs Host.Config.AutoStart
        AutoStartPowerOff(): void
                needs Host.Config.AutoStart

data HostAutoStartManagerConfig : DynamicData 2.0
        defaults: AutoStartDefaults?
        powerInfo: AutoStartPowerInfo[]?

data HostBIOSInfo : DynamicData 2.5
        biosVersion: string?
        releaseDate: dateTime?
        vendor: string? 6.5
        majorRelease: int? 6.5
        minorRelease: int? 6.5
        firmwareMajorRelease: int? 6.5
        firmwareMinorRelease: int? 6.5

data HostBlockAdapterTargetTransport : HostTargetTransport 2.0

data HostBlockHba : HostHostBusAdapter 2.0

data HostBootDevice : DynamicData 2.5
        key: string
        description: string

data HostBootDeviceInfo : DynamicData 2.5
        bootDevices: HostBootDevice[]?
        currentBootDeviceKey: string?

managed HostBootDeviceSystem : ManagedObject 2.5
        QueryBootDevices(): HostBootDeviceInfo?
                needs System.Read
        UpdateBootDevice(key: string): void
                needs Host.Config.Maintenance

data HostCacheConfigurationInfo : DynamicData 5.0
        key: Datastore
        swapSize: long

managed HostCacheConfigurationManager : ManagedObject 5.0
        cacheConfigurationInfo: HostCacheConfigurationInfo[]? needs Host.Config.AdvancedConfig
        ConfigureHostCache_Task(spec: HostCacheConfigurationSpec): Task
                needs Host.Config.AdvancedConfig

data HostCacheConfigurationSpec : DynamicData 5.0
        datastore: Datastore
        swapSize: long

data HostCapability : DynamicData 2.0
        recursiveResourcePoolsSupported: boolean
        cpuMemoryResourceConfigurationSupported: boolean 2.5
        rebootSupported: boolean
        shutdownSupported: boolean
        vmotionSupported: boolean
        standbySupported: boolean 2.5
        ipmiSupported: boolean? 4.0
        maxSupportedVMs: int?
        maxRunningVMs: int?
        maxSupportedVcpus: int?
        maxRegisteredVMs: int? 5.1
        datastorePrincipalSupported: boolean
        sanSupported: boolean
        nfsSupported: boolean
        iscsiSupported: boolean
        vlanTaggingSupported: boolean
        nicTeamingSupported: boolean
        highGuestMemSupported: boolean
        maintenanceModeSupported: boolean
        suspendedRelocateSupported: boolean
        restrictedSnapshotRelocateSupported: boolean 2.5
        perVmSwapFiles: boolean 2.5
        localSwapDatastoreSupported: boolean 2.5
        unsharedSwapVMotionSupported: boolean 2.5
        backgroundSnapshotsSupported: boolean 2.5
        preAssignedPCIUnitNumbersSupported: boolean 2.5
        screenshotSupported: boolean 2.5
        scaledScreenshotSupported: boolean 2.5
        storageVMotionSupported: boolean 4.0
        vmotionWithStorageVMotionSupported: boolean 4.0
        vmotionAcrossNetworkSupported: boolean? 5.5
        maxNumDisksSVMotion: int? 6.0
        hbrNicSelectionSupported: boolean 5.1
        vrNfcNicSelectionSupported: boolean 6.0
        recordReplaySupported: boolean 4.0
        ftSupported: boolean 4.0
        replayUnsupportedReason: string? 4.0
        replayCompatibilityIssues: string[]? 4.1
        smpFtSupported: boolean 6.0
        ftCompatibilityIssues: string[]? 4.1
        smpFtCompatibilityIssues: string[]? 6.0
        maxVcpusPerFtVm: int? 6.0
        loginBySSLThumbprintSupported: boolean? 4.0
        cloneFromSnapshotSupported: boolean 4.0
        deltaDiskBackingsSupported: boolean 4.0
        perVMNetworkTrafficShapingSupported: boolean 2.5
        tpmSupported: boolean 4.0
        tpmVersion: string? 6.7
        txtEnabled: boolean? 6.7
        supportedCpuFeature: HostCpuIdInfo[]? 4.0
        virtualExecUsageSupported: boolean 4.0
        storageIORMSupported: boolean 4.1
        vmDirectPathGen2Supported: boolean 4.1
        vmDirectPathGen2UnsupportedReason: string[]? 4.1
        vmDirectPathGen2UnsupportedReasonExtended: string? 4.1
        supportedVmfsMajorVersion: int[]? 5.0
        vStorageCapable: boolean 4.1
        snapshotRelayoutSupported: boolean 5.0
        firewallIpRulesSupported: boolean? 5.0
        servicePackageInfoSupported: boolean? 5.0
        maxHostRunningVms: int? 5.0
        maxHostSupportedVcpus: int? 5.0
        vmfsDatastoreMountCapable: boolean 5.0
        eightPlusHostVmfsSharedAccessSupported: boolean 5.1
        nestedHVSupported: boolean 5.1
        vPMCSupported: boolean 5.1
        interVMCommunicationThroughVMCISupported: boolean 5.1
        scheduledHardwareUpgradeSupported: boolean? 5.1
        featureCapabilitiesSupported: boolean 5.1
        latencySensitivitySupported: boolean 5.1
        storagePolicySupported: boolean? 5.5
        accel3dSupported: boolean 5.1
        reliableMemoryAware: boolean? 5.5
        multipleNetworkStackInstanceSupported: boolean? 5.5
        messageBusProxySupported: boolean? 6.0
        vsanSupported: boolean? 5.5
        vFlashSupported: boolean? 5.5
        hostAccessManagerSupported: boolean? 6.0
        provisioningNicSelectionSupported: boolean 6.0
        nfs41Supported: boolean? 6.0
        nfs41Krb5iSupported: boolean? 6.5
        turnDiskLocatorLedSupported: boolean? 6.0
        virtualVolumeDatastoreSupported: boolean? 6.0
        markAsSsdSupported: boolean? 6.0
        markAsLocalSupported: boolean? 6.0
        smartCardAuthenticationSupported: boolean? 6.0
        pMemSupported: boolean? 6.7
        pMemSnapshotSupported: boolean? 6.7
        cryptoSupported: boolean? 6.5
        oneKVolumeAPIsSupported: boolean? 6.5
        gatewayOnNicSupported: boolean? 6.5
        upitSupported: boolean? 6.5
        cpuHwMmuSupported: boolean? 6.5
        encryptedVMotionSupported: boolean? 6.5
        encryptionChangeOnAddRemoveSupported: boolean? 6.5
        encryptionHotOperationSupported: boolean? 6.5
        encryptionWithSnapshotsSupported: boolean? 6.5
        encryptionFaultToleranceSupported: boolean? 6.5
        encryptionMemorySaveSupported: boolean? 6.5
        encryptionRDMSupported: boolean? 6.5
        encryptionVFlashSupported: boolean? 6.5
        encryptionCBRCSupported: boolean? 6.5
        encryptionHBRSupported: boolean? 6.5
        ftEfiSupported: boolean? 6.7
        unmapMethodSupported: string? 6.7
        maxMemMBPerFtVm: int? 6.7
        virtualMmuUsageIgnored: boolean? 6.7
        virtualExecUsageIgnored: boolean? 6.7
        vmCreateDateSupported: boolean? 6.7
        vmfs3EOLSupported: boolean? 6.7
        ftVmcpSupported: boolean? 6.7
        quickBootSupported: boolean? 6.7.1
        assignableHardwareSupported: boolean? 7.0
        useFeatureReqsForOldHWv: boolean? 6.8.7
        markPerenniallyReservedSupported: boolean? 6.7.2
        hppPspSupported: boolean? 7.0
        deviceRebindWithoutRebootSupported: boolean? 7.0
        storagePolicyChangeSupported: boolean? 7.0
        precisionTimeProtocolSupported: boolean? 7.0
        remoteDeviceVMotionSupported: boolean? 7.0
        maxSupportedVmMemory: int? 7.0

enum HostCapabilityFtUnsupportedReason 4.1
        vMotionNotLicensed
        missingVMotionNic
        missingFTLoggingNic
        ftNotLicensed
        haAgentIssue
        unsupportedProduct 6.0
        cpuHvUnsupported 6.0
        cpuHwmmuUnsupported 6.0
        cpuHvDisabled 6.0

enum HostCapabilityUnmapMethodSupported 6.7
        priority
        fixed
        dynamic

enum HostCapabilityVmDirectPathGen2UnsupportedReason 4.1
        hostNptIncompatibleProduct
        hostNptIncompatibleHardware
        hostNptDisabled

managed HostCertificateManager : ManagedObject 6.0
        certificateInfo: HostCertificateManagerCertificateInfo needs Certificate.Manage
        GenerateCertificateSigningRequest(useIpAddressAsCommonName: boolean): string
                needs Certificate.Manage
                throws HostConfigFault
        GenerateCertificateSigningRequestByDn(distinguishedName: string): string
                needs Certificate.Manage
                throws HostConfigFault
        InstallServerCertificate(cert: string): void
                needs Certificate.Manage
                throws HostConfigFault
        ReplaceCACertificatesAndCRLs(caCert: string[], caCrl: string[]?): void
                needs Certificate.Manage
                throws HostConfigFault
        ListCACertificates(): string[]?
                needs Certificate.Manage
                throws HostConfigFault
        ListCACertificateRevocationLists(): string[]?
                needs Certificate.Manage
                throws HostConfigFault

data HostCertificateManagerCertificateInfo : DynamicData 6.0
        issuer: string?
        notBefore: dateTime?
        notAfter: dateTime?
        subject: string?
        status: string

enum HostCertificateManagerCertificateInfoCertificateStatus 6.0
        unknown
        expired
        expiring
        expiringShortly
        expirationImminent
        good
        revoked

data HostConfigChange : DynamicData 2.0

enum HostConfigChangeMode 2.0
        modify
        replace

enum HostConfigChangeOperation 2.0
        add
        remove
        edit
        ignore 5.5

data HostConfigInfo : DynamicData 2.0
        host: HostSystem
        product: AboutInfo
        deploymentInfo: HostDeploymentInfo? 6.5
        hyperThread: HostHyperThreadScheduleInfo?
        consoleReservation: ServiceConsoleReservationInfo?
        virtualMachineReservation: VirtualMachineMemoryReservationInfo? 2.5
        storageDevice: HostStorageDeviceInfo?
        multipathState: HostMultipathStateInfo? 4.0
        fileSystemVolume: HostFileSystemVolumeInfo?
        systemFile: string[]? 4.1
        network: HostNetworkInfo?
        vmotion: HostVMotionInfo?
        virtualNicManagerInfo: HostVirtualNicManagerInfo? 4.0
        capabilities: HostNetCapabilities?
        datastoreCapabilities: HostDatastoreSystemCapabilities? 2.5
        offloadCapabilities: HostNetOffloadCapabilities?
        service: HostServiceInfo?
        firewall: HostFirewallInfo?
        autoStart: HostAutoStartManagerConfig?
        activeDiagnosticPartition: HostDiagnosticPartition?
        option: OptionValue[]?
        optionDef: OptionDef[]?
        datastorePrincipal: string?
        localSwapDatastore: Datastore? 2.5
        systemSwapConfiguration: HostSystemSwapConfiguration? 5.1
        systemResources: HostSystemResourceInfo?
        dateTimeInfo: HostDateTimeInfo? 2.5
        flags: HostFlagInfo? 2.5
        adminDisabled: boolean? 2.5
        lockdownMode: HostLockdownMode? 6.0
        ipmi: HostIpmiInfo? 4.0
        sslThumbprintInfo: HostSslThumbprintInfo? 4.0
        sslThumbprintData: HostSslThumbprintInfo[]? 5.0
        certificate: byte[]? 5.0
        pciPassthruInfo: HostPciPassthruInfo[]? 4.0
        authenticationManagerInfo: HostAuthenticationManagerInfo? 4.1
        featureVersion: HostFeatureVersionInfo[]? 4.1
        powerSystemCapability: PowerSystemCapability? 4.1
        powerSystemInfo: PowerSystemInfo? 4.1
        cacheConfigurationInfo: HostCacheConfigurationInfo[]? 5.0
        wakeOnLanCapable: boolean? 5.0
        featureCapability: HostFeatureCapability[]? 5.1
        maskedFeatureCapability: HostFeatureCapability[]? 5.1
        vFlashConfigInfo: HostVFlashManagerVFlashConfigInfo? 5.5
        vsanHostConfig: VsanHostConfigInfo? 5.5
        domainList: string[]? 6.0
        scriptCheckSum: base64Binary? 6.0
        hostConfigCheckSum: base64Binary? 6.0
        descriptionTreeCheckSum: base64Binary? 7.0
        graphicsInfo: HostGraphicsInfo[]? 5.5
        sharedPassthruGpuTypes: string[]? 6.0
        graphicsConfig: HostGraphicsConfig? 6.5
        sharedGpuCapabilities: HostSharedGpuCapabilities[]? 6.7
        ioFilterInfo: HostIoFilterInfo[]? 6.0
        sriovDevicePool: HostSriovDevicePoolInfo[]? 6.5
        assignableHardwareBinding: HostAssignableHardwareBinding[]? 7.0
        assignableHardwareConfig: HostAssignableHardwareConfig? 7.0

data HostConfigManager : DynamicData 2.0
        cpuScheduler: HostCpuSchedulerSystem?
        datastoreSystem: HostDatastoreSystem?
        memoryManager: HostMemorySystem?
        storageSystem: HostStorageSystem?
        networkSystem: HostNetworkSystem?
        vmotionSystem: HostVMotionSystem?
        virtualNicManager: HostVirtualNicManager? 4.0
        serviceSystem: HostServiceSystem?
        firewallSystem: HostFirewallSystem?
        advancedOption: OptionManager?
        diagnosticSystem: HostDiagnosticSystem?
        autoStartManager: HostAutoStartManager?
        snmpSystem: HostSnmpSystem?
        dateTimeSystem: HostDateTimeSystem? 2.5
        patchManager: HostPatchManager? 2.5
        imageConfigManager: HostImageConfigManager? 5.0
        bootDeviceSystem: HostBootDeviceSystem? 2.5
        firmwareSystem: HostFirmwareSystem? 2.5
        healthStatusSystem: HostHealthStatusSystem? 2.5
        pciPassthruSystem: HostPciPassthruSystem? 4.0
        licenseManager: LicenseManager? 4.0
        kernelModuleSystem: HostKernelModuleSystem? 4.0
        authenticationManager: HostAuthenticationManager? 4.1
        powerSystem: HostPowerSystem? 4.1
        cacheConfigurationManager: HostCacheConfigurationManager? 5.0
        esxAgentHostManager: HostEsxAgentHostManager? 5.0
        iscsiManager: IscsiManager? 5.0
        vFlashManager: HostVFlashManager? 5.5
        vsanSystem: HostVsanSystem? 5.5
        messageBusProxy: MessageBusProxy? 6.0
        userDirectory: UserDirectory? 6.0
        accountManager: HostLocalAccountManager? 6.0
        hostAccessManager: HostAccessManager? 6.0
        graphicsManager: HostGraphicsManager? 5.5
        vsanInternalSystem: HostVsanInternalSystem? 5.5
        certificateManager: HostCertificateManager? 6.0
        cryptoManager: CryptoManager? 6.5
        nvdimmSystem: HostNvdimmSystem? 6.7
        assignableHardwareManager: HostAssignableHardwareManager? 7.0

data HostConfigSpec : DynamicData 4.0
        nasDatastore: HostNasVolumeConfig[]?
        network: HostNetworkConfig?
        nicTypeSelection: HostVirtualNicManagerNicTypeSelection[]?
        service: HostServiceConfig[]?
        firewall: HostFirewallConfig?
        option: OptionValue[]?
        datastorePrincipal: string?
        datastorePrincipalPasswd: string?
        datetime: HostDateTimeConfig?
        storageDevice: HostStorageDeviceInfo?
        license: HostLicenseSpec?
        security: HostSecuritySpec?
        userAccount: HostAccountSpec[]?
        usergroupAccount: HostAccountSpec[]?
        memory: HostMemorySpec?
        activeDirectory: HostActiveDirectory[]? 4.1
        genericConfig: KeyAnyValue[]? 5.0
        graphicsConfig: HostGraphicsConfig? 6.5
        assignableHardwareConfig: HostAssignableHardwareConfig? 7.0

data HostConfigSummary : DynamicData 2.0
        name: string
        port: int
        sslThumbprint: string? 4.0
        product: AboutInfo?
        vmotionEnabled: boolean
        faultToleranceEnabled: boolean 4.0
        featureVersion: HostFeatureVersionInfo[]? 4.1
        agentVmDatastore: Datastore? 5.0
        agentVmNetwork: Network? 5.0

data HostConnectInfo : DynamicData 2.0
        serverIp: string?
        inDasCluster: boolean? 5.0
        host: HostListSummary
        vm: VirtualMachineSummary[]?
        vimAccountNameRequired: boolean?
        clusterSupported: boolean?
        network: HostConnectInfoNetworkInfo[]?
        datastore: HostDatastoreConnectInfo[]?
        license: HostLicenseConnectInfo? 4.0
        capability: HostCapability? 6.0

data HostConnectInfoNetworkInfo : DynamicData 2.0
        summary: NetworkSummary

data HostConnectSpec : DynamicData 2.0
        hostName: string?
        port: int?
        sslThumbprint: string? 2.5
        userName: string?
        password: string?
        vmFolder: Folder?
        force: boolean
        vimAccountName: string?
        vimAccountPassword: string?
        managementIp: string? 4.0
        lockdownMode: HostLockdownMode? 6.0
        hostGateway: HostGatewaySpec? 6.0

data HostCpuIdInfo : DynamicData 2.0
        level: int
        vendor: string?
        eax: string?
        ebx: string?
        ecx: string?
        edx: string?

data HostCpuInfo : DynamicData 2.0
        numCpuPackages: short
        numCpuCores: short
        numCpuThreads: short
        hz: long

data HostCpuPackage : DynamicData 2.0
        index: short
        vendor: string
        hz: long
        busHz: long
        description: string
        threadId: short[]
        cpuFeature: HostCpuIdInfo[]?

enum HostCpuPackageVendor 2.0
        unknown
        intel
        amd
        hygon 6.7.1
        arm 6.5

data HostCpuPowerManagementInfo : DynamicData 4.0
        currentPolicy: string?
        hardwareSupport: string?

enum HostCpuPowerManagementInfoPolicyType 4.0
        off
        staticPolicy
        dynamicPolicy

managed HostCpuSchedulerSystem : ExtensibleManagedObject 2.0
        hyperthreadInfo: HostHyperThreadScheduleInfo?
        EnableHyperThreading(): void
                needs Host.Config.HyperThreading
        DisableHyperThreading(): void
                needs Host.Config.HyperThreading

enum HostCryptoState 6.5
        incapable
        prepared
        safe
        pendingIncapable 7.0

managed HostDatastoreBrowser : ManagedObject 2.0
        datastore: Datastore[]? needs System.View
        supportedType: FileQuery[]?
        SearchDatastore_Task(datastorePath: string, searchSpec: HostDatastoreBrowserSearchSpec?): Task
                throws InvalidDatastore FileFault
        SearchDatastoreSubFolders_Task(datastorePath: string, searchSpec: HostDatastoreBrowserSearchSpec?): Task?
                throws InvalidDatastore FileFault
        DeleteFile(datastorePath: string): void
                needs Datastore.DeleteFile
                throws InvalidDatastore FileFault

data HostDatastoreBrowserSearchResults : DynamicData 2.0
        datastore: Datastore?
        folderPath: string?
        file: FileInfo[]?

data HostDatastoreBrowserSearchSpec : DynamicData 2.0
        query: FileQuery[]?
        details: FileQueryFlags?
        searchCaseInsensitive: boolean?
        matchPattern: string[]?
        sortFoldersFirst: boolean?

data HostDatastoreConnectInfo : DynamicData 2.0
        summary: DatastoreSummary

data HostDatastoreExistsConnectInfo : HostDatastoreConnectInfo 2.0
        newDatastoreName: string

data HostDatastoreNameConflictConnectInfo : HostDatastoreConnectInfo 2.0
        newDatastoreName: string

managed HostDatastoreSystem : ManagedObject 2.0
        datastore: Datastore[]? needs System.View
        capabilities: HostDatastoreSystemCapabilities 2.5
        UpdateLocalSwapDatastore(datastore: Datastore?): void 2.5
                needs Host.Config.Storage
                throws InaccessibleDatastore DatastoreNotWritableOnHost
        QueryAvailableDisksForVmfs(datastore: Datastore?): HostScsiDisk[]?
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        QueryVmfsDatastoreCreateOptions(devicePath: string, vmfsMajorVersion: int? 5.0): VmfsDatastoreOption[]?
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        CreateVmfsDatastore(spec: VmfsDatastoreCreateSpec): Datastore
                needs Host.Config.Storage
                throws DuplicateName HostConfigFault
        QueryVmfsDatastoreExtendOptions(datastore: Datastore, devicePath: string, suppressExpandCandidates: boolean? 4.0): VmfsDatastoreOption[]?
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        QueryVmfsDatastoreExpandOptions(datastore: Datastore): VmfsDatastoreOption[]? 4.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        ExtendVmfsDatastore(datastore: Datastore, spec: VmfsDatastoreExtendSpec): Datastore
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        EnableClusteredVmdkSupport(datastore: Datastore): void 7.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        DisableClusteredVmdkSupport(datastore: Datastore): void 7.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        ExpandVmfsDatastore(datastore: Datastore, spec: VmfsDatastoreExpandSpec): Datastore 4.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        CreateNasDatastore(spec: HostNasVolumeSpec): Datastore
                needs Host.Config.Storage
                throws DuplicateName AlreadyExists HostConfigFault
        CreateLocalDatastore(name: string, path: string): Datastore
                needs Host.Config.Storage
                throws DuplicateName HostConfigFault FileNotFound InvalidName
        CreateVvolDatastore(spec: HostDatastoreSystemVvolDatastoreSpec): Datastore 6.0
                needs Host.Config.Storage
                throws NotFound DuplicateName HostConfigFault InvalidName
        RemoveDatastore(datastore: Datastore): void
                needs Host.Config.Storage
                throws NotFound HostConfigFault ResourceInUse
        RemoveDatastoreEx_Task(datastore: Datastore[]): Task 6.0
                needs Host.Config.Storage
                throws HostConfigFault
        ConfigureDatastorePrincipal(userName: string, password: string?): void
                needs Host.Config.Maintenance
                throws InvalidState HostConfigFault
        QueryUnresolvedVmfsVolumes(): HostUnresolvedVmfsVolume[]? 4.0
                needs System.Read
        ResignatureUnresolvedVmfsVolume_Task(resolutionSpec: HostUnresolvedVmfsResignatureSpec): Task? 4.0
                needs Host.Config.Storage
                throws VmfsAmbiguousMount HostConfigFault

data HostDatastoreSystemCapabilities : DynamicData 2.5
        nfsMountCreationRequired: boolean
        nfsMountCreationSupported: boolean
        localDatastoreSupported: boolean
        vmfsExtentExpansionSupported: boolean 4.0

enum HostDatastoreSystemDatastoreEventType 6.0
        VvolFastPolling
        PreUnmount 6.5
        FailedUnmount 6.5

data HostDatastoreSystemDatastoreResult : DynamicData 6.0
        key: Datastore
        fault: LocalizedMethodFault?

enum HostDatastoreSystemVmfsEventType 6.5
        Create
        Expand
        Extend
        Remove
        Upgrade 6.7

data HostDatastoreSystemVvolDatastoreSpec : DynamicData 6.0
        name: string
        scId: string

data HostDateTimeConfig : DynamicData 2.5
        timeZone: string?
        ntpConfig: HostNtpConfig?

data HostDateTimeInfo : DynamicData 2.5
        timeZone: HostDateTimeSystemTimeZone
        systemClockProtocol: string? 7.0
        ntpConfig: HostNtpConfig?

enum HostDateTimeInfoProtocol 7.0
        ntp
        ptp

managed HostDateTimeSystem : ManagedObject 2.5
        dateTimeInfo: HostDateTimeInfo needs System.Read
        UpdateDateTimeConfig(config: HostDateTimeConfig): void
                needs Host.Config.DateTime
                throws HostConfigFault
        QueryAvailableTimeZones(): HostDateTimeSystemTimeZone[]?
                needs System.Read
        QueryDateTime(): dateTime
                needs System.Read
        UpdateDateTime(dateTime: dateTime): void
                needs Host.Config.DateTime
                throws HostConfigFault
        RefreshDateTimeSystem(): void
                needs Host.Config.DateTime

data HostDateTimeSystemTimeZone : DynamicData 2.5
        key: string
        name: string
        description: string
        gmtOffset: int

data HostDeploymentInfo : DynamicData 6.5
        bootedFromStatelessCache: boolean?

data HostDevice : DynamicData 2.0
        deviceName: string
        deviceType: string

data HostDhcpService : DynamicData 2.5
        key: string
        spec: HostDhcpServiceSpec

data HostDhcpServiceConfig : DynamicData 2.5
        changeOperation: string?
        key: string
        spec: HostDhcpServiceSpec

data HostDhcpServiceSpec : DynamicData 2.5
        virtualSwitch: string
        defaultLeaseDuration: int
        leaseBeginIp: string
        leaseEndIp: string
        maxLeaseDuration: int
        unlimitedLease: boolean
        ipSubnetAddr: string
        ipSubnetMask: string

data HostDiagnosticPartition : DynamicData 2.0
        storageType: string
        diagnosticType: string
        slots: int
        id: HostScsiDiskPartition

data HostDiagnosticPartitionCreateDescription : DynamicData 2.0
        layout: HostDiskPartitionLayout
        diskUuid: string
        spec: HostDiagnosticPartitionCreateSpec

data HostDiagnosticPartitionCreateOption : DynamicData 2.0
        storageType: string
        diagnosticType: string
        disk: HostScsiDisk

data HostDiagnosticPartitionCreateSpec : DynamicData 2.0
        storageType: string
        diagnosticType: string
        id: HostScsiDiskPartition
        partition: HostDiskPartitionSpec
        active: boolean?

managed HostDiagnosticSystem : ManagedObject 2.0
        activePartition: HostDiagnosticPartition?
        QueryAvailablePartition(): HostDiagnosticPartition[]?
                needs Host.Config.Storage
                throws HostConfigFault
        SelectActivePartition(partition: HostScsiDiskPartition?): void
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        QueryPartitionCreateOptions(storageType: string, diagnosticType: string): HostDiagnosticPartitionCreateOption[]?
                needs Host.Config.Storage
                throws HostConfigFault
        QueryPartitionCreateDesc(diskUuid: string, diagnosticType: string): HostDiagnosticPartitionCreateDescription
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        CreateDiagnosticPartition(spec: HostDiagnosticPartitionCreateSpec): void
                needs Host.Config.Storage
                throws NotFound HostConfigFault

data HostDigestInfo : DynamicData 4.0
        digestMethod: string
        digestValue: byte[]
        objectName: string?

enum HostDigestInfoDigestMethodType 4.0
        SHA1
        MD5
        SHA256 6.7
        SHA384 6.7
        SHA512 6.7
        SM3_256 6.7

managed HostDirectoryStore : HostAuthenticationStore 4.1

data HostDirectoryStoreInfo : HostAuthenticationStoreInfo 4.1

data HostDiskConfigurationResult : DynamicData 5.5
        devicePath: string?
        success: boolean?
        fault: LocalizedMethodFault?

data HostDiskDimensions : DynamicData 2.0

data HostDiskDimensionsChs : DynamicData 2.0
        cylinder: long
        head: int
        sector: int

data HostDiskDimensionsLba : DynamicData 2.0
        blockSize: int
        block: long

data HostDiskPartitionAttributes : DynamicData 2.0
        partition: int
        startSector: long
        endSector: long
        type: string
        guid: string? 5.0
        logical: boolean
        attributes: byte
        partitionAlignment: long? 5.0

data HostDiskPartitionBlockRange : DynamicData 2.0
        partition: int?
        type: string
        start: HostDiskDimensionsLba
        end: HostDiskDimensionsLba

data HostDiskPartitionInfo : DynamicData 2.0
        deviceName: string
        spec: HostDiskPartitionSpec
        layout: HostDiskPartitionLayout

enum HostDiskPartitionInfoPartitionFormat 5.0
        gpt
        mbr
        unknown

enum HostDiskPartitionInfoType 2.0
        none
        vmfs
        linuxNative
        linuxSwap
        extended
        ntfs
        vmkDiagnostic
        vffs 5.5

data HostDiskPartitionLayout : DynamicData 2.0
        total: HostDiskDimensionsLba?
        partition: HostDiskPartitionBlockRange[]

data HostDiskPartitionSpec : DynamicData 2.0
        partitionFormat: string? 5.0
        chs: HostDiskDimensionsChs?
        totalSectors: long?
        partition: HostDiskPartitionAttributes[]?

data HostDnsConfig : DynamicData 2.0
        dhcp: boolean
        virtualNicDevice: string?
        ipv6VirtualNicDevice: string? 6.7
        hostName: string
        domainName: string
        address: string[]?
        searchDomain: string[]?

data HostDnsConfigSpec : HostDnsConfig 4.0
        virtualNicConnection: HostVirtualNicConnection?
        virtualNicConnectionV6: HostVirtualNicConnection? 6.7

data HostEnterMaintenanceResult : DynamicData 6.7
        vmFaults: FaultsByVM[]?
        hostFaults: FaultsByHost[]?

managed HostEsxAgentHostManager : ManagedObject 5.0
        configInfo: HostEsxAgentHostManagerConfigInfo needs Host.Config.Settings
        EsxAgentHostManagerUpdateConfig(configInfo: HostEsxAgentHostManagerConfigInfo): void
                needs Host.Config.Settings
                throws HostConfigFault

data HostEsxAgentHostManagerConfigInfo : DynamicData 5.0
        agentVmDatastore: Datastore?
        agentVmNetwork: Network?

data HostFaultToleranceManagerComponentHealthInfo : DynamicData 6.0
        isStorageHealthy: boolean
        isNetworkHealthy: boolean

enum HostFaultToleranceManagerFaultToleranceType 6.0
        fault_tolerance_using_checkpoints
        fault_tolerance_using_recordreplay

data HostFeatureCapability : DynamicData 5.1
        key: string
        featureName: string
        value: string

data HostFeatureMask : DynamicData 5.1
        key: string
        featureName: string
        value: string

data HostFeatureVersionInfo : DynamicData 4.1
        key: string
        value: string

enum HostFeatureVersionKey 4.1
        faultTolerance

data HostFibreChannelHba : HostHostBusAdapter 2.0
        portWorldWideName: long
        nodeWorldWideName: long
        portType: FibreChannelPortType
        speed: long

data HostFibreChannelOverEthernetHba : HostFibreChannelHba 5.0
        underlyingNic: string
        linkInfo: HostFibreChannelOverEthernetHbaLinkInfo
        isSoftwareFcoe: boolean
        markedForRemoval: boolean

data HostFibreChannelOverEthernetHbaLinkInfo : DynamicData 5.0
        vnportMac: string
        fcfMac: string
        vlanId: int

data HostFibreChannelOverEthernetTargetTransport : HostFibreChannelTargetTransport 5.0
        vnportMac: string
        fcfMac: string
        vlanId: int

data HostFibreChannelTargetTransport : HostTargetTransport 2.0
        portWorldWideName: long
        nodeWorldWideName: long

data HostFileAccess : DynamicData 2.0
        who: string
        what: string

data HostFileSystemMountInfo : DynamicData 2.0
        mountInfo: HostMountInfo
        volume: HostFileSystemVolume
        vStorageSupport: string? 4.1

data HostFileSystemVolume : DynamicData 2.0
        type: string
        name: string
        capacity: long

enum HostFileSystemVolumeFileSystemType 6.0
        VMFS
        NFS
        NFS41
        CIFS
        vsan
        VFFS
        VVOL
        PMEM 6.7
        OTHER

data HostFileSystemVolumeInfo : DynamicData 2.0
        volumeTypeList: string[]?
        mountInfo: HostFileSystemMountInfo[]?

data HostFirewallConfig : DynamicData 4.0
        rule: HostFirewallConfigRuleSetConfig[]?
        defaultBlockingPolicy: HostFirewallDefaultPolicy

data HostFirewallConfigRuleSetConfig : DynamicData 4.0
        rulesetId: string
        enabled: boolean
        allowedHosts: HostFirewallRulesetIpList? 5.0

data HostFirewallDefaultPolicy : DynamicData 2.0
        incomingBlocked: boolean?
        outgoingBlocked: boolean?

data HostFirewallInfo : DynamicData 2.0
        defaultPolicy: HostFirewallDefaultPolicy
        ruleset: HostFirewallRuleset[]?

data HostFirewallRule : DynamicData 2.0
        port: int
        endPort: int?
        direction: HostFirewallRuleDirection
        portType: HostFirewallRulePortType? 5.0
        protocol: string

enum HostFirewallRuleDirection 2.0
        inbound
        outbound

enum HostFirewallRulePortType 5.0
        src
        dst

enum HostFirewallRuleProtocol 2.0
        tcp
        udp

data HostFirewallRuleset : DynamicData 2.0
        key: string
        label: string
        required: boolean
        rule: HostFirewallRule[]
        service: string?
        enabled: boolean
        allowedHosts: HostFirewallRulesetIpList? 5.0

data HostFirewallRulesetIpList : DynamicData 5.0
        ipAddress: string[]?
        ipNetwork: HostFirewallRulesetIpNetwork[]?
        allIp: boolean

data HostFirewallRulesetIpNetwork : DynamicData 5.0
        network: string
        prefixLength: int

data HostFirewallRulesetRulesetSpec : DynamicData 5.0
        allowedHosts: HostFirewallRulesetIpList

managed HostFirewallSystem : ExtensibleManagedObject 2.0
        firewallInfo: HostFirewallInfo?
        UpdateDefaultPolicy(defaultPolicy: HostFirewallDefaultPolicy): void
                needs Host.Config.NetService
        EnableRuleset(id: string): void
                needs Host.Config.NetService
                throws NotFound HostConfigFault
        DisableRuleset(id: string): void
                needs Host.Config.NetService
                throws NotFound HostConfigFault
        UpdateRuleset(id: string, spec: HostFirewallRulesetRulesetSpec): void 5.0
                needs Host.Config.NetService
                throws NotFound HostConfigFault
        RefreshFirewall(): void
                needs Host.Config.NetService

managed HostFirmwareSystem : ManagedObject 2.5
        ResetFirmwareToFactoryDefaults(): void
                needs Host.Config.Firmware
                throws InvalidState
        BackupFirmwareConfiguration(): string
                needs Host.Config.Firmware
        QueryFirmwareConfigUploadURL(): string
                needs Host.Config.Firmware
        RestoreFirmwareConfiguration(force: boolean): void
                needs Host.Config.Firmware
                throws InvalidState FileFault MismatchedBundle InvalidBundle

data HostFlagInfo : DynamicData 2.5
        backgroundSnapshotsEnabled: boolean?

data HostForceMountedInfo : DynamicData 4.0
        persist: boolean
        mounted: boolean

data HostGatewaySpec : DynamicData 6.0
        gatewayType: string
        gatewayId: string?
        trustVerificationToken: string?
        hostAuthParams: KeyValue[]?

data HostGraphicsConfig : DynamicData 6.5
        hostDefaultGraphicsType: string
        sharedPassthruAssignmentPolicy: string
        deviceType: HostGraphicsConfigDeviceType[]?

data HostGraphicsConfigDeviceType : DynamicData 6.5
        deviceId: string
        graphicsType: string

enum HostGraphicsConfigGraphicsType 6.5
        shared
        sharedDirect

enum HostGraphicsConfigSharedPassthruAssignmentPolicy 6.5
        performance
        consolidation

data HostGraphicsInfo : DynamicData 5.5
        deviceName: string
        vendorName: string
        pciId: string
        graphicsType: string
        memorySizeInKB: long
        vm: VirtualMachine[]?

enum HostGraphicsInfoGraphicsType 5.5
        basic
        shared
        direct
        sharedDirect 6.5

managed HostGraphicsManager : ExtensibleManagedObject 5.5
        graphicsInfo: HostGraphicsInfo[]? needs System.Read
        graphicsConfig: HostGraphicsConfig? 6.5 needs System.Read
        sharedPassthruGpuTypes: string[]? 6.0 needs System.Read
        sharedGpuCapabilities: HostSharedGpuCapabilities[]? 6.7 needs System.Read
        RefreshGraphicsManager(): void
                needs Host.Config.Settings
        IsSharedGraphicsActive(): boolean
                needs System.Read
        UpdateGraphicsConfig(config: HostGraphicsConfig): void 6.5
                needs Host.Config.Settings

data HostHardwareElementInfo : DynamicData 2.5
        name: string
        status: ElementDescription

enum HostHardwareElementStatus 2.5
        Unknown
        Green
        Yellow
        Red

data HostHardwareInfo : DynamicData 2.0
        systemInfo: HostSystemInfo
        cpuPowerManagementInfo: HostCpuPowerManagementInfo? 4.0
        cpuInfo: HostCpuInfo
        cpuPkg: HostCpuPackage[]
        memorySize: long
        numaInfo: HostNumaInfo?
        smcPresent: boolean 5.0
        pciDevice: HostPciDevice[]?
        cpuFeature: HostCpuIdInfo[]?
        biosInfo: HostBIOSInfo? 2.5
        reliableMemoryInfo: HostReliableMemoryInfo? 5.5
        persistentMemoryInfo: HostPersistentMemoryInfo? 6.7
        sgxInfo: HostSgxInfo? 7.0

data HostHardwareStatusInfo : DynamicData 2.5
        memoryStatusInfo: HostHardwareElementInfo[]?
        cpuStatusInfo: HostHardwareElementInfo[]?
        storageStatusInfo: HostStorageElementInfo[]?

data HostHardwareSummary : DynamicData 2.0
        vendor: string
        model: string
        uuid: string
        otherIdentifyingInfo: HostSystemIdentificationInfo[]? 2.5
        memorySize: long
        cpuModel: string
        cpuMhz: int
        numCpuPkgs: short
        numCpuCores: short
        numCpuThreads: short
        numNics: int
        numHBAs: int

managed HostHealthStatusSystem : ManagedObject 2.5
        runtime: HealthSystemRuntime
        RefreshHealthStatusSystem(): void
                needs System.Read
        ResetSystemHealthInfo(): void
                needs Host.Config.Settings
        ClearSystemEventLog(): void 6.5
                needs Host.Config.Settings
        FetchSystemEventLog(): SystemEventInfo[]? 6.5
                needs Host.Config.Settings

data HostHostBusAdapter : DynamicData 2.0
        key: string?
        device: string
        bus: int
        status: string
        model: string
        driver: string?
        pci: string?
        storageProtocol: string? 7.0

data HostHyperThreadScheduleInfo : DynamicData 2.0
        available: boolean
        active: boolean
        config: boolean

enum HostImageAcceptanceLevel 5.0
        vmware_certified
        vmware_accepted
        partner
        community

managed HostImageConfigManager : ManagedObject 5.0
        HostImageConfigGetAcceptance(): string
                needs System.Read
                throws HostConfigFault
        HostImageConfigGetProfile(): HostImageProfileSummary
                needs System.Read
        UpdateHostImageAcceptanceLevel(newAcceptanceLevel: string): void
                needs Host.Config.Image
                throws HostConfigFault
        fetchSoftwarePackages(): SoftwarePackage[]? 6.5
                needs Host.Config.Image
        installDate(): dateTime 6.5
                needs Host.Config.Image

data HostImageProfileSummary : DynamicData 5.0
        name: string
        vendor: string

data HostInternetScsiHba : HostHostBusAdapter 2.0
        isSoftwareBased: boolean
        canBeDisabled: boolean? 5.0
        networkBindingSupport: HostInternetScsiHbaNetworkBindingSupportType? 5.0
        discoveryCapabilities: HostInternetScsiHbaDiscoveryCapabilities
        discoveryProperties: HostInternetScsiHbaDiscoveryProperties
        authenticationCapabilities: HostInternetScsiHbaAuthenticationCapabilities
        authenticationProperties: HostInternetScsiHbaAuthenticationProperties
        digestCapabilities: HostInternetScsiHbaDigestCapabilities? 4.0
        digestProperties: HostInternetScsiHbaDigestProperties? 4.0
        ipCapabilities: HostInternetScsiHbaIPCapabilities
        ipProperties: HostInternetScsiHbaIPProperties
        supportedAdvancedOptions: OptionDef[]? 4.0
        advancedOptions: HostInternetScsiHbaParamValue[]? 4.0
        iScsiName: string
        iScsiAlias: string?
        configuredSendTarget: HostInternetScsiHbaSendTarget[]?
        configuredStaticTarget: HostInternetScsiHbaStaticTarget[]?
        maxSpeedMb: int?
        currentSpeedMb: int?

data HostInternetScsiHbaAuthenticationCapabilities : DynamicData 2.0
        chapAuthSettable: boolean
        krb5AuthSettable: boolean
        srpAuthSettable: boolean
        spkmAuthSettable: boolean
        mutualChapSettable: boolean? 4.0
        targetChapSettable: boolean? 4.0
        targetMutualChapSettable: boolean? 4.0

data HostInternetScsiHbaAuthenticationProperties : DynamicData 2.0
        chapAuthEnabled: boolean
        chapName: string?
        chapSecret: string?
        chapAuthenticationType: string? 4.0
        chapInherited: boolean? 4.0
        mutualChapName: string? 4.0
        mutualChapSecret: string? 4.0
        mutualChapAuthenticationType: string? 4.0
        mutualChapInherited: boolean? 4.0

enum HostInternetScsiHbaChapAuthenticationType 4.0
        chapProhibited
        chapDiscouraged
        chapPreferred
        chapRequired

data HostInternetScsiHbaDigestCapabilities : DynamicData 4.0
        headerDigestSettable: boolean?
        dataDigestSettable: boolean?
        targetHeaderDigestSettable: boolean?
        targetDataDigestSettable: boolean?

data HostInternetScsiHbaDigestProperties : DynamicData 4.0
        headerDigestType: string?
        headerDigestInherited: boolean?
        dataDigestType: string?
        dataDigestInherited: boolean?

enum HostInternetScsiHbaDigestType 4.0
        digestProhibited
        digestDiscouraged
        digestPreferred
        digestRequired

data HostInternetScsiHbaDiscoveryCapabilities : DynamicData 2.0
        iSnsDiscoverySettable: boolean
        slpDiscoverySettable: boolean
        staticTargetDiscoverySettable: boolean
        sendTargetsDiscoverySettable: boolean

data HostInternetScsiHbaDiscoveryProperties : DynamicData 2.0
        iSnsDiscoveryEnabled: boolean
        iSnsDiscoveryMethod: string?
        iSnsHost: string?
        slpDiscoveryEnabled: boolean
        slpDiscoveryMethod: string?
        slpHost: string?
        staticTargetDiscoveryEnabled: boolean
        sendTargetsDiscoveryEnabled: boolean

data HostInternetScsiHbaIPCapabilities : DynamicData 2.0
        addressSettable: boolean
        ipConfigurationMethodSettable: boolean
        subnetMaskSettable: boolean
        defaultGatewaySettable: boolean
        primaryDnsServerAddressSettable: boolean
        alternateDnsServerAddressSettable: boolean
        ipv6Supported: boolean? 4.0
        arpRedirectSettable: boolean? 4.0
        mtuSettable: boolean? 4.0
        hostNameAsTargetAddress: boolean? 4.0
        nameAliasSettable: boolean? 4.1
        ipv4EnableSettable: boolean? 6.0
        ipv6EnableSettable: boolean? 6.0
        ipv6PrefixLengthSettable: boolean? 6.0
        ipv6PrefixLength: int? 6.0
        ipv6DhcpConfigurationSettable: boolean? 6.0
        ipv6LinkLocalAutoConfigurationSettable: boolean? 6.0
        ipv6RouterAdvertisementConfigurationSettable: boolean? 6.0
        ipv6DefaultGatewaySettable: boolean? 6.0
        ipv6MaxStaticAddressesSupported: int? 6.0

data HostInternetScsiHbaIPProperties : DynamicData 2.0
        mac: string?
        address: string?
        dhcpConfigurationEnabled: boolean
        subnetMask: string?
        defaultGateway: string?
        primaryDnsServerAddress: string?
        alternateDnsServerAddress: string?
        ipv6Address: string? 4.0
        ipv6SubnetMask: string? 4.0
        ipv6DefaultGateway: string? 4.0
        arpRedirectEnabled: boolean? 4.0
        mtu: int? 4.0
        jumboFramesEnabled: boolean? 4.0
        ipv4Enabled: boolean? 6.0
        ipv6Enabled: boolean? 6.0
        ipv6properties: HostInternetScsiHbaIPv6Properties? 6.0

data HostInternetScsiHbaIPv6Properties : DynamicData 6.0
        iscsiIpv6Address: HostInternetScsiHbaIscsiIpv6Address[]?
        ipv6DhcpConfigurationEnabled: boolean?
        ipv6LinkLocalAutoConfigurationEnabled: boolean?
        ipv6RouterAdvertisementConfigurationEnabled: boolean?
        ipv6DefaultGateway: string?

data HostInternetScsiHbaIscsiIpv6Address : DynamicData 6.0
        address: string
        prefixLength: int
        origin: string
        operation: string?

enum HostInternetScsiHbaIscsiIpv6AddressAddressConfigurationType 6.0
        DHCP
        AutoConfigured
        Static
        Other

enum HostInternetScsiHbaIscsiIpv6AddressIPv6AddressOperation 6.0
        add
        remove

enum HostInternetScsiHbaNetworkBindingSupportType 5.0
        notsupported
        optional
        required

data HostInternetScsiHbaParamValue : OptionValue 4.0
        isInherited: boolean?

data HostInternetScsiHbaSendTarget : DynamicData 2.0
        address: string
        port: int?
        authenticationProperties: HostInternetScsiHbaAuthenticationProperties? 4.0
        digestProperties: HostInternetScsiHbaDigestProperties? 4.0
        supportedAdvancedOptions: OptionDef[]? 4.0
        advancedOptions: HostInternetScsiHbaParamValue[]? 4.0
        parent: string? 4.0

data HostInternetScsiHbaStaticTarget : DynamicData 2.0
        address: string
        port: int?
        iScsiName: string
        discoveryMethod: string? 5.1
        authenticationProperties: HostInternetScsiHbaAuthenticationProperties? 4.0
        digestProperties: HostInternetScsiHbaDigestProperties? 4.0
        supportedAdvancedOptions: OptionDef[]? 4.0
        advancedOptions: HostInternetScsiHbaParamValue[]? 4.0
        parent: string? 4.0

enum HostInternetScsiHbaStaticTargetTargetDiscoveryMethod 5.1
        staticMethod
        sendTargetMethod
        slpMethod
        isnsMethod
        unknownMethod

data HostInternetScsiHbaTargetSet : DynamicData 4.0
        staticTargets: HostInternetScsiHbaStaticTarget[]?
        sendTargets: HostInternetScsiHbaSendTarget[]?

data HostInternetScsiTargetTransport : HostTargetTransport 2.0
        iScsiName: string
        iScsiAlias: string
        address: string[]?

data HostIpConfig : DynamicData 2.0
        dhcp: boolean
        ipAddress: string?
        subnetMask: string?
        ipV6Config: HostIpConfigIpV6AddressConfiguration? 4.0

data HostIpConfigIpV6Address : DynamicData 4.0
        ipAddress: string
        prefixLength: int
        origin: string?
        dadState: string?
        lifetime: dateTime?
        operation: string?

enum HostIpConfigIpV6AddressConfigType 4.0
        other
        manual
        dhcp
        linklayer
        random

data HostIpConfigIpV6AddressConfiguration : DynamicData 4.0
        ipV6Address: HostIpConfigIpV6Address[]?
        autoConfigurationEnabled: boolean?
        dhcpV6Enabled: boolean?

enum HostIpConfigIpV6AddressStatus 4.0
        preferred
        deprecated
        invalid
        inaccessible
        unknown
        tentative
        duplicate

data HostIpRouteConfig : DynamicData 2.0
        defaultGateway: string?
        gatewayDevice: string?
        ipV6DefaultGateway: string? 4.0
        ipV6GatewayDevice: string? 4.0

data HostIpRouteConfigSpec : HostIpRouteConfig 4.0
        gatewayDeviceConnection: HostVirtualNicConnection?
        ipV6GatewayDeviceConnection: HostVirtualNicConnection?

data HostIpRouteEntry : DynamicData 4.0
        network: string
        prefixLength: int
        gateway: string
        deviceName: string? 4.1

data HostIpRouteOp : DynamicData 4.0
        changeOperation: string
        route: HostIpRouteEntry

data HostIpRouteTableConfig : DynamicData 4.0
        ipRoute: HostIpRouteOp[]?
        ipv6Route: HostIpRouteOp[]?

data HostIpRouteTableInfo : DynamicData 4.0
        ipRoute: HostIpRouteEntry[]?
        ipv6Route: HostIpRouteEntry[]?

data HostIpmiInfo : DynamicData 4.0
        bmcIpAddress: string?
        bmcMacAddress: string?
        login: string?
        password: string?

managed HostKernelModuleSystem : ManagedObject 2.5
        QueryModules(): KernelModuleInfo[]? 4.0
                needs Host.Config.Settings
        UpdateModuleOptionString(name: string, options: string): void
                needs Host.Config.Settings
                throws NotFound
        QueryConfiguredModuleOptionString(name: string): string
                needs Host.Config.Settings
                throws NotFound

data HostLicenseConnectInfo : DynamicData 4.0
        license: LicenseManagerLicenseInfo
        evaluation: LicenseManagerEvaluationInfo
        resource: HostLicensableResourceInfo? 5.0

data HostLicenseSpec : DynamicData 4.0
        source: LicenseSource?
        editionKey: string?
        disabledFeatureKey: string[]?
        enabledFeatureKey: string[]?

data HostListSummary : DynamicData 2.0
        host: HostSystem?
        hardware: HostHardwareSummary?
        runtime: HostRuntimeInfo?
        config: HostConfigSummary
        quickStats: HostListSummaryQuickStats
        overallStatus: ManagedEntityStatus
        rebootRequired: boolean
        customValue: CustomFieldValue[]?
        managementServerIp: string? 2.5
        maxEVCModeKey: string? 4.0
        currentEVCModeKey: string? 4.0
        gateway: HostListSummaryGatewaySummary? 6.0
        tpmAttestation: HostTpmAttestationInfo? 6.7

data HostListSummaryGatewaySummary : DynamicData 6.0
        gatewayType: string
        gatewayId: string

data HostListSummaryQuickStats : DynamicData 2.0
        overallCpuUsage: int?
        overallMemoryUsage: int?
        distributedCpuFairness: int?
        distributedMemoryFairness: int?
        availablePMemCapacity: int? 6.7
        uptime: int? 4.1

managed HostLocalAccountManager : ManagedObject 2.0
        CreateUser(user: HostAccountSpec): void
                needs Host.Local.ManageUserGroups
                throws AlreadyExists
        UpdateUser(user: HostAccountSpec): void
                needs Host.Local.ManageUserGroups
                throws UserNotFound AlreadyExists
        CreateGroup(group: HostAccountSpec): void
                needs Host.Local.ManageUserGroups
                throws AlreadyExists
        RemoveUser(userName: string): void
                needs Host.Local.ManageUserGroups
                throws UserNotFound
        RemoveGroup(groupName: string): void
                needs Host.Local.ManageUserGroups
                throws UserNotFound
        AssignUserToGroup(user: string, group: string): void
                needs Host.Local.ManageUserGroups
                throws UserNotFound AlreadyExists
        UnassignUserFromGroup(user: string, group: string): void
                needs Host.Local.ManageUserGroups
                throws UserNotFound
        ChangePassword(user: string, oldPassword: string, newPassword: string): void 6.7.2
                needs System.Anonymous
                throws InvalidLogin

managed HostLocalAuthentication : HostAuthenticationStore 4.1

data HostLocalAuthenticationInfo : HostAuthenticationStoreInfo 4.1

data HostLocalFileSystemVolume : HostFileSystemVolume 2.0
        device: string

data HostLocalFileSystemVolumeSpec : DynamicData 2.0
        device: string
        localPath: string

enum HostLockdownMode 6.0
        lockdownDisabled
        lockdownNormal
        lockdownStrict

data HostLowLevelProvisioningManagerDiskLayoutSpec : DynamicData 5.0
        controllerType: TypeName
        busNumber: int
        unitNumber: int
        srcFilename: string
        dstFilename: string

data HostLowLevelProvisioningManagerFileDeleteResult : DynamicData 6.0
        fileName: string
        fault: LocalizedMethodFault

data HostLowLevelProvisioningManagerFileDeleteSpec : DynamicData 6.0
        fileName: string
        fileType: string

data HostLowLevelProvisioningManagerFileReserveResult : DynamicData 6.0
        baseName: string
        parentDir: string
        reservedName: string

data HostLowLevelProvisioningManagerFileReserveSpec : DynamicData 6.0
        baseName: string
        parentDir: string
        fileType: string
        storageProfile: string

enum HostLowLevelProvisioningManagerFileType 6.0
        File
        VirtualDisk
        Directory

enum HostLowLevelProvisioningManagerReloadTarget 4.0
        currentConfig
        snapshotConfig

data HostLowLevelProvisioningManagerSnapshotLayoutSpec : DynamicData 5.0
        id: int
        srcFilename: string
        dstFilename: string
        disk: HostLowLevelProvisioningManagerDiskLayoutSpec[]?

data HostLowLevelProvisioningManagerVmMigrationStatus : DynamicData 5.1
        migrationId: long
        type: string
        source: boolean
        consideredSuccessful: boolean

data HostLowLevelProvisioningManagerVmRecoveryInfo : DynamicData 5.1
        version: string
        biosUUID: string
        instanceUUID: string
        ftInfo: FaultToleranceConfigInfo?

data HostMaintenanceSpec : DynamicData 5.5
        vsanMode: VsanHostDecommissionMode?
        purpose: string? 7.0

enum HostMaintenanceSpecPurpose 7.0
        hostUpgrade

data HostMemorySpec : DynamicData 4.0
        serviceConsoleReservation: long?

managed HostMemorySystem : ExtensibleManagedObject 2.0
        consoleReservationInfo: ServiceConsoleReservationInfo?
        virtualMachineReservationInfo: VirtualMachineMemoryReservationInfo? 2.5
        ReconfigureServiceConsoleReservation(cfgBytes: long): void
                needs Host.Config.Memory
        ReconfigureVirtualMachineReservation(spec: VirtualMachineMemoryReservationSpec): void 2.5
                needs Host.Config.Memory

data HostMountInfo : DynamicData 2.0
        path: string?
        accessMode: string
        mounted: boolean? 5.0
        accessible: boolean? 2.5
        inaccessibleReason: string? 5.1

enum HostMountInfoInaccessibleReason 5.1
        AllPathsDown_Start
        AllPathsDown_Timeout
        PermanentDeviceLoss

enum HostMountMode 2.0
        readWrite
        readOnly

data HostMultipathInfo : DynamicData 2.0
        lun: HostMultipathInfoLogicalUnit[]?

data HostMultipathInfoFixedLogicalUnitPolicy : HostMultipathInfoLogicalUnitPolicy 2.0
        prefer: string

data HostMultipathInfoHppLogicalUnitPolicy : HostMultipathInfoLogicalUnitPolicy 7.0
        bytes: long?
        iops: long?
        path: string?
        latencyEvalTime: long?
        samplingIosPerPath: long?

data HostMultipathInfoLogicalUnit : DynamicData 2.0
        key: string
        id: string
        lun: string
        path: HostMultipathInfoPath[]
        policy: HostMultipathInfoLogicalUnitPolicy
        storageArrayTypePolicy: HostMultipathInfoLogicalUnitStorageArrayTypePolicy? 4.0

data HostMultipathInfoLogicalUnitPolicy : DynamicData 2.0
        policy: string

data HostMultipathInfoLogicalUnitStorageArrayTypePolicy : DynamicData 4.0
        policy: string

data HostMultipathInfoPath : DynamicData 2.0
        key: string
        name: string
        pathState: string
        state: string? 4.0
        isWorkingPath: boolean? 4.0
        adapter: string
        lun: string
        transport: HostTargetTransport?

data HostMultipathStateInfo : DynamicData 4.0
        path: HostMultipathStateInfoPath[]?

data HostMultipathStateInfoPath : DynamicData 4.0
        name: string
        pathState: string

data HostNasVolume : HostFileSystemVolume 2.0
        remoteHost: string
        remotePath: string
        userName: string? 2.5
        remoteHostNames: string[]? 6.0
        securityType: string? 6.0
        protocolEndpoint: boolean? 6.0

data HostNasVolumeConfig : DynamicData 4.0
        changeOperation: string?
        spec: HostNasVolumeSpec?

enum HostNasVolumeSecurityType 6.0
        AUTH_SYS
        SEC_KRB5
        SEC_KRB5I 6.5

data HostNasVolumeSpec : DynamicData 2.0
        remoteHost: string
        remotePath: string
        localPath: string
        accessMode: string
        type: string? 2.5
        userName: string? 2.5
        password: string? 2.5
        remoteHostNames: string[]? 6.0
        securityType: string? 6.0

data HostNasVolumeUserInfo : DynamicData 6.0
        user: string

data HostNatService : DynamicData 2.5
        key: string
        spec: HostNatServiceSpec

data HostNatServiceConfig : DynamicData 2.5
        changeOperation: string?
        key: string
        spec: HostNatServiceSpec

data HostNatServiceNameServiceSpec : DynamicData 2.5
        dnsAutoDetect: boolean
        dnsPolicy: string
        dnsRetries: int
        dnsTimeout: int
        dnsNameServer: string[]?
        nbdsTimeout: int
        nbnsRetries: int
        nbnsTimeout: int

data HostNatServicePortForwardSpec : DynamicData 2.5
        type: string
        name: string
        hostPort: int
        guestPort: int
        guestIpAddress: string

data HostNatServiceSpec : DynamicData 2.5
        virtualSwitch: string
        activeFtp: boolean
        allowAnyOui: boolean
        configPort: boolean
        ipGatewayAddress: string
        udpTimeout: int
        portForward: HostNatServicePortForwardSpec[]?
        nameService: HostNatServiceNameServiceSpec?

data HostNetCapabilities : DynamicData 2.0
        canSetPhysicalNicLinkSpeed: boolean
        supportsNicTeaming: boolean
        nicTeamingPolicy: string[]?
        supportsVlan: boolean
        usesServiceConsoleNic: boolean
        supportsNetworkHints: boolean
        maxPortGroupsPerVswitch: int? 2.5
        vswitchConfigSupported: boolean 2.5
        vnicConfigSupported: boolean 2.5
        ipRouteConfigSupported: boolean 2.5
        dnsConfigSupported: boolean 2.5
        dhcpOnVnicSupported: boolean 2.5
        ipV6Supported: boolean 4.0

data HostNetOffloadCapabilities : DynamicData 2.0
        csumOffload: boolean?
        tcpSegmentation: boolean?
        zeroCopyXmit: boolean?

data HostNetStackInstance : DynamicData 5.5
        key: string?
        name: string?
        dnsConfig: HostDnsConfig?
        ipRouteConfig: HostIpRouteConfig?
        requestedMaxNumberOfConnections: int?
        congestionControlAlgorithm: string?
        ipV6Enabled: boolean?
        routeTableConfig: HostIpRouteTableConfig?

enum HostNetStackInstanceCongestionControlAlgorithmType 5.5
        newreno
        cubic

enum HostNetStackInstanceSystemStackKey 5.5
        defaultTcpipStack
        vmotion 6.0
        vSphereProvisioning 6.0

data HostNetworkConfig : DynamicData 2.0
        vswitch: HostVirtualSwitchConfig[]?
        proxySwitch: HostProxySwitchConfig[]? 4.0
        portgroup: HostPortGroupConfig[]?
        pnic: PhysicalNicConfig[]?
        vnic: HostVirtualNicConfig[]?
        consoleVnic: HostVirtualNicConfig[]?
        dnsConfig: HostDnsConfig?
        ipRouteConfig: HostIpRouteConfig?
        consoleIpRouteConfig: HostIpRouteConfig?
        routeTableConfig: HostIpRouteTableConfig? 4.0
        dhcp: HostDhcpServiceConfig[]? 2.5
        nat: HostNatServiceConfig[]? 2.5
        ipV6Enabled: boolean? 4.0
        netStackSpec: HostNetworkConfigNetStackSpec[]? 5.5

data HostNetworkConfigNetStackSpec : DynamicData 5.5
        netStackInstance: HostNetStackInstance
        operation: string?

data HostNetworkConfigResult : DynamicData 2.0
        vnicDevice: string[]?
        consoleVnicDevice: string[]?

data HostNetworkInfo : DynamicData 2.0
        vswitch: HostVirtualSwitch[]?
        proxySwitch: HostProxySwitch[]? 4.0
        portgroup: HostPortGroup[]?
        pnic: PhysicalNic[]?
        rdmaDevice: HostRdmaDevice[]? 7.0
        vnic: HostVirtualNic[]?
        consoleVnic: HostVirtualNic[]?
        dnsConfig: HostDnsConfig?
        ipRouteConfig: HostIpRouteConfig?
        consoleIpRouteConfig: HostIpRouteConfig?
        routeTableInfo: HostIpRouteTableInfo? 4.0
        dhcp: HostDhcpService[]? 2.5
        nat: HostNatService[]? 2.5
        ipV6Enabled: boolean? 4.0
        atBootIpV6Enabled: boolean? 4.1
        netStackInstance: HostNetStackInstance[]? 5.5
        opaqueSwitch: HostOpaqueSwitch[]? 5.5
        opaqueNetwork: HostOpaqueNetworkInfo[]? 5.5
        nsxTransportNodeId: string? 7.0

data HostNetworkPolicy : DynamicData 2.0
        security: HostNetworkSecurityPolicy?
        nicTeaming: HostNicTeamingPolicy?
        offloadPolicy: HostNetOffloadCapabilities?
        shapingPolicy: HostNetworkTrafficShapingPolicy?

data HostNetworkResourceRuntime : DynamicData 6.0
        pnicResourceInfo: HostPnicNetworkResourceInfo[]

data HostNetworkSecurityPolicy : DynamicData 2.0
        allowPromiscuous: boolean?
        macChanges: boolean?
        forgedTransmits: boolean?

managed HostNetworkSystem : ExtensibleManagedObject 2.0
        capabilities: HostNetCapabilities?
        networkInfo: HostNetworkInfo?
        offloadCapabilities: HostNetOffloadCapabilities?
        networkConfig: HostNetworkConfig?
        dnsConfig: HostDnsConfig?
        ipRouteConfig: HostIpRouteConfig?
        consoleIpRouteConfig: HostIpRouteConfig?
        UpdateNetworkConfig(config: HostNetworkConfig, changeMode: string): HostNetworkConfigResult
                throws AlreadyExists NotFound HostConfigFault ResourceInUse
        UpdateDnsConfig(config: HostDnsConfig): void
                needs Host.Config.Network
                throws NotFound HostConfigFault
        UpdateIpRouteConfig(config: HostIpRouteConfig): void
                needs Host.Config.Network
                throws HostConfigFault InvalidState
        UpdateConsoleIpRouteConfig(config: HostIpRouteConfig): void
                needs Host.Config.Network
                throws HostConfigFault
        UpdateIpRouteTableConfig(config: HostIpRouteTableConfig): void 4.0
                needs Host.Config.Network
                throws HostConfigFault
        AddVirtualSwitch(vswitchName: string, spec: HostVirtualSwitchSpec?): void
                needs Host.Config.Network
                throws AlreadyExists ResourceInUse HostConfigFault
        RemoveVirtualSwitch(vswitchName: string): void
                needs Host.Config.Network
                throws NotFound ResourceInUse HostConfigFault
        UpdateVirtualSwitch(vswitchName: string, spec: HostVirtualSwitchSpec): void
                needs Host.Config.Network
                throws ResourceInUse NotFound HostConfigFault
        AddPortGroup(portgrp: HostPortGroupSpec): void
                needs Host.Config.Network
                throws AlreadyExists NotFound HostConfigFault
        RemovePortGroup(pgName: string): void
                needs Host.Config.Network
                throws NotFound ResourceInUse HostConfigFault
        UpdatePortGroup(pgName: string, portgrp: HostPortGroupSpec): void
                needs Host.Config.Network
                throws AlreadyExists NotFound HostConfigFault
        UpdatePhysicalNicLinkSpeed(device: string, linkSpeed: PhysicalNicLinkInfo?): void
                needs Host.Config.Network
                throws NotFound HostConfigFault
        QueryNetworkHint(device: string[]?): PhysicalNicHintInfo[]?
                needs System.Read
                throws NotFound HostConfigFault
        AddVirtualNic(portgroup: string, nic: HostVirtualNicSpec): string
                throws AlreadyExists HostConfigFault InvalidState
        RemoveVirtualNic(device: string): void
                needs Host.Config.Network
                throws NotFound HostConfigFault
        UpdateVirtualNic(device: string, nic: HostVirtualNicSpec): void
                throws NotFound HostConfigFault InvalidState
        AddServiceConsoleVirtualNic(portgroup: string, nic: HostVirtualNicSpec): string
                throws HostConfigFault
        RemoveServiceConsoleVirtualNic(device: string): void
                needs Host.Config.Network
                throws NotFound ResourceInUse HostConfigFault
        UpdateServiceConsoleVirtualNic(device: string, nic: HostVirtualNicSpec): void
                throws NotFound ResourceInUse HostConfigFault
        RestartServiceConsoleVirtualNic(device: string): void
                needs Host.Config.Network
                throws NotFound HostConfigFault
        RefreshNetworkSystem(): void
                needs Host.Config.Network

data HostNetworkTrafficShapingPolicy : DynamicData 2.0
        enabled: boolean?
        averageBandwidth: long?
        peakBandwidth: long?
        burstSize: long?

data HostNewNetworkConnectInfo : HostConnectInfoNetworkInfo 2.0

data HostNicFailureCriteria : DynamicData 2.0
        checkSpeed: string?
        speed: int?
        checkDuplex: boolean?
        fullDuplex: boolean?
        checkErrorPercent: boolean?
        percentage: int?
        checkBeacon: boolean?

data HostNicOrderPolicy : DynamicData 2.0
        activeNic: string[]?
        standbyNic: string[]?

data HostNicTeamingPolicy : DynamicData 2.0
        policy: string?
        reversePolicy: boolean?
        notifySwitches: boolean?
        rollingOrder: boolean?
        failureCriteria: HostNicFailureCriteria?
        nicOrder: HostNicOrderPolicy?

data HostNtpConfig : DynamicData 2.5
        server: string[]?
        configFile: string[]? 6.0

data HostNumaInfo : DynamicData 2.0
        type: string
        numNodes: int
        numaNode: HostNumaNode[]?

data HostNumaNode : DynamicData 2.0
        typeId: byte
        cpuID: short[]
        memoryRangeBegin: long
        memoryRangeLength: long
        pciId: string[]? 6.7

enum HostNumericSensorHealthState 2.5
        unknown
        green
        yellow
        red

data HostNumericSensorInfo : DynamicData 2.5
        name: string
        healthState: ElementDescription?
        currentReading: long
        unitModifier: int
        baseUnits: string
        rateUnits: string?
        sensorType: string
        id: string? 6.5
        timeStamp: string? 6.5

enum HostNumericSensorType 2.5
        fan
        power
        temperature
        voltage
        other
        processor 6.5
        memory 6.5
        storage 6.5
        systemBoard 6.5
        battery 6.5
        bios 6.5
        cable 6.5
        watchdog 6.5

managed HostNvdimmSystem : ManagedObject 6.7
        nvdimmSystemInfo: NvdimmSystemInfo needs Host.Config.Nvdimm
        CreateNvdimmNamespace_Task(createSpec: NvdimmNamespaceCreateSpec): Task
                needs Host.Config.Nvdimm
                throws InvalidHostState AlreadyExists HostConfigFault
        CreateNvdimmPMemNamespace_Task(createSpec: NvdimmPMemNamespaceCreateSpec): Task 6.7.1
                needs Host.Config.Nvdimm
                throws InvalidHostState AlreadyExists HostConfigFault
        DeleteNvdimmNamespace_Task(deleteSpec: NvdimmNamespaceDeleteSpec): Task
                needs Host.Config.Nvdimm
                throws NotFound InvalidHostState HostConfigFault
        DeleteNvdimmBlockNamespaces_Task(): Task
                needs Host.Config.Nvdimm
                throws NotFound InvalidHostState HostConfigFault

data HostNvmeConnectSpec : HostNvmeSpec 7.0
        subnqn: string
        controllerId: int?
        adminQueueSize: int?
        keepAliveTimeout: int?

data HostNvmeController : DynamicData 7.0
        key: string
        controllerNumber: int
        subnqn: string
        name: string
        associatedAdapter: string
        transportType: string
        fusedOperationSupported: boolean
        numberOfQueues: int
        queueSize: int
        attachedNamespace: HostNvmeNamespace[]?
        vendorId: string?
        model: string?
        serialNumber: string?
        firmwareVersion: string?

data HostNvmeDisconnectSpec : DynamicData 7.0
        hbaName: string
        subnqn: string?
        controllerNumber: int?

data HostNvmeDiscoverSpec : HostNvmeSpec 7.0
        autoConnect: boolean?

data HostNvmeDiscoveryLog : DynamicData 7.0
        entry: HostNvmeDiscoveryLogEntry[]?
        complete: boolean

data HostNvmeDiscoveryLogEntry : DynamicData 7.0
        subnqn: string
        subsystemType: string
        subsystemPortId: int
        controllerId: int
        adminQueueMaxSize: int
        transportParameters: HostNvmeTransportParameters
        transportRequirements: string
        connected: boolean

enum HostNvmeDiscoveryLogSubsystemType 2.0
        discovery
        nvm

enum HostNvmeDiscoveryLogTransportRequirements 2.0
        secureChannelRequired
        secureChannelNotRequired
        requirementsNotSpecified

data HostNvmeNamespace : DynamicData 7.0
        key: string
        name: string
        id: int
        blockSize: int
        capacityInBlocks: long

data HostNvmeOpaqueTransportParameters : HostNvmeTransportParameters 7.0
        trtype: string
        traddr: string
        adrfam: string
        trsvcid: string
        tsas: base64Binary

data HostNvmeOverFibreChannelParameters : HostNvmeTransportParameters 7.0
        nodeWorldWideName: long
        portWorldWideName: long

data HostNvmeOverRdmaParameters : HostNvmeTransportParameters 7.0
        address: string
        addressFamily: string?
        portNumber: int?

data HostNvmeSpec : DynamicData 7.0
        hbaName: string
        transportParameters: HostNvmeTransportParameters

data HostNvmeTopology : DynamicData 7.0
        adapter: HostNvmeTopologyInterface[]?

data HostNvmeTopologyInterface : DynamicData 7.0
        key: string
        adapter: string
        connectedController: HostNvmeController[]?

data HostNvmeTransportParameters : DynamicData 7.0

enum HostNvmeTransportParametersNvmeAddressFamily 7.0
        ipv4
        ipv6
        infiniBand
        fc
        loopback
        unknown

enum HostNvmeTransportType 7.0
        pcie
        fibreChannel
        rdma
        loopback
        unsupported

data HostOpaqueNetworkInfo : DynamicData 5.5
        opaqueNetworkId: string
        opaqueNetworkName: string
        opaqueNetworkType: string
        pnicZone: string[]? 6.0
        capability: OpaqueNetworkCapability? 6.5
        extraConfig: OptionValue[]? 6.5

data HostOpaqueSwitch : DynamicData 5.5
        key: string
        name: string?
        pnic: string[]?
        pnicZone: HostOpaqueSwitchPhysicalNicZone[]? 6.0
        status: string? 6.0
        vtep: HostVirtualNic[]? 6.0
        extraConfig: OptionValue[]? 6.5
        featureCapability: HostFeatureCapability[]? 6.7

enum HostOpaqueSwitchOpaqueSwitchState 6.0
        up
        warning
        down
        maintenance 7.0

data HostOpaqueSwitchPhysicalNicZone : DynamicData 6.0
        key: string
        pnicDevice: string[]?

enum HostOperationCleanupManagerCleanupItemType 2.0
        disk
        file
        dir
        vm

enum HostOperationCleanupManagerOperationActivity 6.0
        vmotion
        nfc
        create 6.5

enum HostOperationCleanupManagerOperationState 6.0
        running
        success
        failure

data HostPMemVolume : HostFileSystemVolume 6.7
        uuid: string
        version: string

data HostParallelScsiHba : HostHostBusAdapter 2.0

data HostParallelScsiTargetTransport : HostTargetTransport 2.0

managed HostPatchManager : ManagedObject 2.0
        CheckHostPatch_Task(metaUrls: string[]?, bundleUrls: string[]?, spec: HostPatchManagerPatchManagerOperationSpec?): Task 4.0
                needs System.Read
                throws RequestCanceled InvalidState TaskInProgress PlatformConfigFault
        ScanHostPatch_Task(repository: HostPatchManagerLocator, updateID: string[]?): Task?
                needs System.Read
                throws RequestCanceled PatchMetadataInvalid PlatformConfigFault
        ScanHostPatchV2_Task(metaUrls: string[]?, bundleUrls: string[]?, spec: HostPatchManagerPatchManagerOperationSpec?): Task? 4.0
                needs System.Read
                throws RequestCanceled InvalidState TaskInProgress PlatformConfigFault
        StageHostPatch_Task(metaUrls: string[]?, bundleUrls: string[]?, vibUrls: string[]?, spec: HostPatchManagerPatchManagerOperationSpec?): Task 4.0
                needs Host.Config.Patch
                throws RequestCanceled InvalidState TaskInProgress PlatformConfigFault
        InstallHostPatch_Task(repository: HostPatchManagerLocator, updateID: string, force: boolean?): Task
                needs Host.Config.Patch
                throws PatchMetadataInvalid PatchBinariesNotFound PatchNotApplicable NoDiskSpace
                        PatchInstallFailed RebootRequired InvalidState TaskInProgress
        InstallHostPatchV2_Task(metaUrls: string[]?, bundleUrls: string[]?, vibUrls: string[]?, spec: HostPatchManagerPatchManagerOperationSpec?): Task 4.0
                needs Host.Config.Patch
                throws RequestCanceled InvalidState TaskInProgress PlatformConfigFault
        UninstallHostPatch_Task(bulletinIds: string[]?, spec: HostPatchManagerPatchManagerOperationSpec?): Task 4.0
                needs Host.Config.Patch
                throws InvalidState TaskInProgress PlatformConfigFault
        QueryHostPatch_Task(spec: HostPatchManagerPatchManagerOperationSpec?): Task 4.0
                needs System.Read
                throws RequestCanceled InvalidState TaskInProgress PlatformConfigFault

enum HostPatchManagerInstallState 2.0
        hostRestarted
        imageActive

enum HostPatchManagerIntegrityStatus 2.0
        validated
        keyNotFound
        keyRevoked
        keyExpired
        digestMismatch
        notEnoughSignatures
        validationError

data HostPatchManagerLocator : DynamicData 2.0
        url: string
        proxy: string?

data HostPatchManagerPatchManagerOperationSpec : DynamicData 4.0
        proxy: string?
        port: int?
        userName: string?
        password: string?
        cmdOption: string?

enum HostPatchManagerReason 2.0
        obsoleted
        missingPatch
        missingLib
        hasDependentPatch
        conflictPatch
        conflictLib

data HostPatchManagerResult : DynamicData 4.0
        version: string
        status: HostPatchManagerStatus[]?
        xmlResult: string?

data HostPatchManagerStatus : DynamicData 2.0
        id: string
        applicable: boolean
        reason: string[]?
        integrity: string?
        installed: boolean
        installState: string[]?
        prerequisitePatch: HostPatchManagerStatusPrerequisitePatch[]?
        restartRequired: boolean
        reconnectRequired: boolean
        vmOffRequired: boolean
        supersededPatchIds: string[]?

data HostPatchManagerStatusPrerequisitePatch : DynamicData 2.0
        id: string
        installState: string[]?

data HostPathSelectionPolicyOption : DynamicData 4.0
        policy: ElementDescription

data HostPciDevice : DynamicData 2.0
        id: string
        classId: short
        bus: byte
        slot: byte
        function: byte
        vendorId: short
        subVendorId: short
        vendorName: string
        deviceId: short
        subDeviceId: short
        parentBridge: string? 4.0
        deviceName: string

data HostPciPassthruConfig : DynamicData 4.0
        id: string
        passthruEnabled: boolean
        applyNow: boolean? 7.0

data HostPciPassthruInfo : DynamicData 4.0
        id: string
        dependentDevice: string
        passthruEnabled: boolean
        passthruCapable: boolean
        passthruActive: boolean

managed HostPciPassthruSystem : ExtensibleManagedObject 4.0
        pciPassthruInfo: HostPciPassthruInfo[] needs System.Read
        sriovDevicePoolInfo: HostSriovDevicePoolInfo[]? 6.5 needs System.Read
        Refresh(): void
                needs Host.Config.Settings
        UpdatePassthruConfig(config: HostPciPassthruConfig[]): void
                needs Host.Config.PciPassthru
                throws HostConfigFault

data HostPcieHba : HostHostBusAdapter 7.0

data HostPcieTargetTransport : HostTargetTransport 7.0

data HostPersistentMemoryInfo : DynamicData 6.7
        capacityInMB: long?
        volumeUUID: string?

data HostPlacedVirtualNicIdentifier : DynamicData 6.0
        vm: VirtualMachine
        vnicKey: string
        reservation: int?

data HostPlugStoreTopology : DynamicData 4.0
        adapter: HostPlugStoreTopologyAdapter[]?
        path: HostPlugStoreTopologyPath[]?
        target: HostPlugStoreTopologyTarget[]?
        device: HostPlugStoreTopologyDevice[]?
        plugin: HostPlugStoreTopologyPlugin[]?

data HostPlugStoreTopologyAdapter : DynamicData 4.0
        key: string
        adapter: string
        path: string[]?

data HostPlugStoreTopologyDevice : DynamicData 4.0
        key: string
        lun: string
        path: string[]?

data HostPlugStoreTopologyPath : DynamicData 4.0
        key: string
        name: string
        channelNumber: int?
        targetNumber: int?
        lunNumber: int?
        adapter: string?
        target: string?
        device: string?

data HostPlugStoreTopologyPlugin : DynamicData 4.0
        key: string
        name: string
        device: string[]?
        claimedPath: string[]?

data HostPlugStoreTopologyTarget : DynamicData 4.0
        key: string
        transport: HostTargetTransport?

data HostPnicNetworkResourceInfo : DynamicData 6.0
        pnicDevice: string
        availableBandwidthForVMTraffic: long?
        unusedBandwidthForVMTraffic: long?
        placedVirtualNics: HostPlacedVirtualNicIdentifier[]?

data HostPortGroup : DynamicData 2.0
        key: string?
        port: HostPortGroupPort[]?
        vswitch: string?
        computedPolicy: HostNetworkPolicy
        spec: HostPortGroupSpec

data HostPortGroupConfig : DynamicData 2.0
        changeOperation: string?
        spec: HostPortGroupSpec?

data HostPortGroupPort : DynamicData 2.0
        key: string?
        mac: string[]?
        type: string

data HostPortGroupSpec : DynamicData 2.0
        name: string
        vlanId: int
        vswitchName: string
        policy: HostNetworkPolicy

data HostPosixAccountSpec : HostAccountSpec 2.0
        posixId: int?
        shellAccess: boolean?

data HostPowerPolicy : DynamicData 4.1
        key: int
        name: string
        shortName: string
        description: string

managed HostPowerSystem : ManagedObject 4.1
        capability: PowerSystemCapability needs Host.Config.Power
        info: PowerSystemInfo needs Host.Config.Power
        ConfigurePowerPolicy(key: int): void
                needs Host.Config.Power
                throws HostConfigFault

data HostProtocolEndpoint : DynamicData 6.0
        peType: string
        type: string? 6.5
        uuid: string
        hostKey: HostSystem[]?
        storageArray: string?
        nfsServer: string?
        nfsDir: string?
        nfsServerScope: string? 6.5
        nfsServerMajor: string? 6.5
        nfsServerAuthType: string? 6.5
        nfsServerUser: string? 6.5
        deviceId: string?

enum HostProtocolEndpointPEType 6.0
        block
        nas

enum HostProtocolEndpointProtocolEndpointType 6.5
        scsi
        nfs
        nfs4x

data HostProxySwitch : DynamicData 4.0
        dvsUuid: string
        dvsName: string
        key: string
        numPorts: int
        configNumPorts: int? 5.0
        numPortsAvailable: int
        uplinkPort: KeyValue[]?
        mtu: int?
        pnic: string[]?
        spec: HostProxySwitchSpec
        hostLag: HostProxySwitchHostLagConfig[]? 5.5
        networkReservationSupported: boolean? 5.5
        nsxtEnabled: boolean? 7.0
        ensEnabled: boolean? 7.0
        ensInterruptEnabled: boolean? 7.0
        transportZones: DistributedVirtualSwitchHostMemberTransportZoneInfo[]? 7.0
        nsxUsedUplinkPort: string[]? 7.0
        nsxtStatus: string? 7.0
        nsxtStatusDetail: string? 7.0

data HostProxySwitchConfig : DynamicData 4.0
        changeOperation: string?
        uuid: string
        spec: HostProxySwitchSpec?

data HostProxySwitchHostLagConfig : DynamicData 5.5
        lagKey: string
        lagName: string?
        uplinkPort: KeyValue[]?

data HostProxySwitchSpec : DynamicData 4.0
        backing: DistributedVirtualSwitchHostMemberBacking?

data HostRdmaDevice : DynamicData 7.0
        key: string
        device: string
        driver: string?
        description: string?
        backing: HostRdmaDeviceBacking?
        connectionInfo: HostRdmaDeviceConnectionInfo
        capability: HostRdmaDeviceCapability

data HostRdmaDeviceBacking : DynamicData 7.0

data HostRdmaDeviceCapability : DynamicData 7.0
        roceV1Capable: boolean
        roceV2Capable: boolean
        iWarpCapable: boolean

data HostRdmaDeviceConnectionInfo : DynamicData 7.0
        state: string
        mtu: int
        speedInMbps: int

enum HostRdmaDeviceConnectionState 7.0
        unknown
        down
        init
        armed
        active
        activeDefer

data HostRdmaDevicePnicBacking : HostRdmaDeviceBacking 7.0
        pairedUplink: string

data HostRdmaHba : HostHostBusAdapter 7.0
        associatedRdmaDevice: string?

data HostRdmaTargetTransport : HostTargetTransport 7.0

data HostReliableMemoryInfo : DynamicData 5.5
        memorySize: long

enum HostReplayUnsupportedReason 4.0
        incompatibleProduct
        incompatibleCpu
        hvDisabled
        cpuidLimitSet
        oldBIOS
        unknown

data HostResignatureRescanResult : DynamicData 4.0
        rescan: HostVmfsRescanResult[]?
        result: Datastore

data HostRuntimeInfo : DynamicData 2.0
        connectionState: HostSystemConnectionState
        powerState: HostSystemPowerState 2.5
        standbyMode: string? 4.1
        inMaintenanceMode: boolean
        inQuarantineMode: boolean? 6.5
        bootTime: dateTime?
        healthSystemRuntime: HealthSystemRuntime? 2.5
        dasHostState: ClusterDasFdmHostState? 5.0
        tpmPcrValues: HostTpmDigestInfo[]? 4.0
        vsanRuntimeInfo: VsanHostRuntimeInfo? 5.5
        networkRuntimeInfo: HostRuntimeInfoNetworkRuntimeInfo? 5.5
        vFlashResourceRuntimeInfo: HostVFlashManagerVFlashResourceRunTimeInfo? 5.5
        hostMaxVirtualDiskCapacity: long? 5.5
        cryptoState: string? 6.5
        cryptoKeyId: CryptoKeyId? 6.5

data HostRuntimeInfoNetStackInstanceRuntimeInfo : DynamicData 5.5
        netStackInstanceKey: string
        state: string?
        vmknicKeys: string[]?
        maxNumberOfConnections: int?
        currentIpV6Enabled: boolean?

enum HostRuntimeInfoNetStackInstanceRuntimeInfoState 5.5
        inactive
        active
        deactivating
        activating

data HostRuntimeInfoNetworkRuntimeInfo : DynamicData 5.5
        netStackInstanceRuntimeInfo: HostRuntimeInfoNetStackInstanceRuntimeInfo[]?
        networkResourceRuntime: HostNetworkResourceRuntime? 6.0

data HostScsiDisk : ScsiLun 2.0
        capacity: HostDiskDimensionsLba
        devicePath: string
        ssd: boolean? 5.0
        localDisk: boolean? 6.0
        physicalLocation: string[]? 6.0
        emulatedDIXDIFEnabled: boolean? 6.0
        vsanDiskInfo: VsanHostVsanDiskInfo? 6.0
        scsiDiskType: string? 6.5

data HostScsiDiskPartition : DynamicData 2.0
        diskName: string
        partition: int

data HostScsiTopology : DynamicData 2.0
        adapter: HostScsiTopologyInterface[]?

data HostScsiTopologyInterface : DynamicData 2.0
        key: string
        adapter: string
        target: HostScsiTopologyTarget[]?

data HostScsiTopologyLun : DynamicData 2.0
        key: string
        lun: int
        scsiLun: string

data HostScsiTopologyTarget : DynamicData 2.0
        key: string
        target: int
        lun: HostScsiTopologyLun[]?
        transport: HostTargetTransport?

data HostSecuritySpec : DynamicData 4.0
        adminPassword: string?
        removePermission: Permission[]? 4.1
        addPermission: Permission[]? 4.1

data HostSerialAttachedHba : HostHostBusAdapter 6.5
        nodeWorldWideName: string

data HostSerialAttachedTargetTransport : HostTargetTransport 6.5

data HostService : DynamicData 2.0
        key: string
        label: string
        required: boolean
        uninstallable: boolean
        running: boolean
        ruleset: string[]?
        policy: string
        sourcePackage: HostServiceSourcePackage? 5.0

data HostServiceConfig : DynamicData 4.0
        serviceId: string
        startupPolicy: string

data HostServiceInfo : DynamicData 2.0
        service: HostService[]?

enum HostServicePolicy 2.0
        on
        automatic
        off

data HostServiceSourcePackage : DynamicData 5.0
        sourcePackageName: string
        description: string

managed HostServiceSystem : ExtensibleManagedObject 2.0
        serviceInfo: HostServiceInfo
        UpdateServicePolicy(id: string, policy: string): void
                needs Host.Config.NetService
                throws NotFound HostConfigFault
        StartService(id: string): void
                needs Host.Config.NetService
                throws InvalidState NotFound HostConfigFault
        StopService(id: string): void
                needs Host.Config.NetService
                throws InvalidState NotFound HostConfigFault
        RestartService(id: string): void
                needs Host.Config.NetService
                throws InvalidState NotFound HostConfigFault
        UninstallService(id: string): void
                needs Host.Config.NetService
                throws NotFound HostConfigFault
        RefreshServices(): void
                needs Host.Config.NetService

data HostSgxInfo : DynamicData 7.0
        sgxState: string
        totalEpcMemory: long
        flcMode: string
        lePubKeyHash: string?

enum HostSgxInfoFlcModes 7.0
        off
        locked
        unlocked

enum HostSgxInfoSgxStates 7.0
        notPresent
        disabledBIOS
        disabledCFW101
        disabledCPUMismatch
        disabledNoFLC
        disabledNUMAUnsup
        disabledMaxEPCRegs
        enabled

data HostSharedGpuCapabilities : DynamicData 6.7
        vgpu: string
        diskSnapshotSupported: boolean
        memorySnapshotSupported: boolean
        suspendSupported: boolean
        migrateSupported: boolean

enum HostSignatureInfoSigningMethodType 4.0
        DSA_SHA1
        RSA_SHA1
        RSA_MD5

enum HostSnmpAgentCapability 4.0
        COMPLETE
        DIAGNOSTICS
        CONFIGURATION

data HostSnmpConfigSpec : DynamicData 2.5
        enabled: boolean?
        port: int?
        readOnlyCommunities: string[]?
        trapTargets: HostSnmpDestination[]?
        option: KeyValue[]? 5.0

data HostSnmpDestination : DynamicData 2.0
        hostName: string
        port: int
        community: string

managed HostSnmpSystem : ManagedObject 2.0
        configuration: HostSnmpConfigSpec 2.5 needs Global.Settings
        limits: HostSnmpSystemAgentLimits 2.5 needs Global.Settings
        ReconfigureSnmpAgent(spec: HostSnmpConfigSpec): void 2.5
                needs Global.Settings
                throws NotFound InsufficientResourcesFault
        SendTestNotification(): void 2.5
                needs Global.Settings
                throws NotFound InsufficientResourcesFault

data HostSnmpSystemAgentLimits : DynamicData 2.5
        maxReadOnlyCommunities: int
        maxTrapDestinations: int
        maxCommunityLength: int
        maxBufferSize: int
        capability: HostSnmpAgentCapability 4.0

data HostSriovConfig : HostPciPassthruConfig 5.5
        sriovEnabled: boolean
        numVirtualFunction: int

data HostSriovDevicePoolInfo : DynamicData 6.5
        key: string

data HostSriovInfo : HostPciPassthruInfo 5.5
        sriovEnabled: boolean
        sriovCapable: boolean
        sriovActive: boolean
        numVirtualFunctionRequested: int
        numVirtualFunction: int
        maxVirtualFunctionSupported: int

data HostSriovNetworkDevicePoolInfo : HostSriovDevicePoolInfo 6.5
        switchKey: string?
        switchUuid: string?
        pnic: PhysicalNic[]?

data HostSslThumbprintInfo : DynamicData 4.0
        principal: string
        ownerTag: string 5.0
        sslThumbprints: string[]?

enum HostStandbyMode 4.1
        entering
        exiting
        in
        none

data HostStorageArrayTypePolicyOption : DynamicData 4.0
        policy: ElementDescription

data HostStorageDeviceInfo : DynamicData 2.0
        hostBusAdapter: HostHostBusAdapter[]?
        scsiLun: ScsiLun[]?
        scsiTopology: HostScsiTopology?
        nvmeTopology: HostNvmeTopology? 7.0
        multipathInfo: HostMultipathInfo?
        plugStoreTopology: HostPlugStoreTopology? 4.0
        softwareInternetScsiEnabled: boolean

data HostStorageElementInfo : HostHardwareElementInfo 2.5
        operationalInfo: HostStorageOperationalInfo[]?

data HostStorageOperationalInfo : DynamicData 2.5
        property: string
        value: string

enum HostStorageProtocol 7.0
        scsi
        nvme

managed HostStorageSystem : ExtensibleManagedObject 2.0
        storageDeviceInfo: HostStorageDeviceInfo?
        fileSystemVolumeInfo: HostFileSystemVolumeInfo
        systemFile: string[]? 4.1
        multipathStateInfo: HostMultipathStateInfo? 4.0
        RetrieveDiskPartitionInfo(devicePath: string[]): HostDiskPartitionInfo[]?
                needs System.Read
        ComputeDiskPartitionInfo(devicePath: string, layout: HostDiskPartitionLayout, partitionFormat: string? 5.0): HostDiskPartitionInfo
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        ComputeDiskPartitionInfoForResize(partition: HostScsiDiskPartition, blockRange: HostDiskPartitionBlockRange, partitionFormat: string? 5.0): HostDiskPartitionInfo 4.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        UpdateDiskPartitions(devicePath: string, spec: HostDiskPartitionSpec): void
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        FormatVmfs(createSpec: HostVmfsSpec): HostVmfsVolume
                needs Host.Config.Storage
                throws AlreadyExists HostConfigFault
        MountVmfsVolume(vmfsUuid: string): void 5.0
                needs Host.Config.Storage
                throws NotFound InvalidState HostConfigFault ResourceInUse
        UnmountVmfsVolume(vmfsUuid: string): void 5.0
                needs Host.Config.Storage
                throws NotFound InvalidState HostConfigFault ResourceInUse
        UnmountVmfsVolumeEx_Task(vmfsUuid: string[]): Task 6.0
                needs Host.Config.Storage
                throws HostConfigFault
        MountVmfsVolumeEx_Task(vmfsUuid: string[]): Task 6.0
                needs Host.Config.Storage
                throws HostConfigFault
        UnmapVmfsVolumeEx_Task(vmfsUuid: string[]): Task 6.0
                needs Host.Config.Storage
                throws HostConfigFault
        DeleteVmfsVolumeState(vmfsUuid: string): void 5.0
                needs Host.Config.Storage
                throws HostConfigFault
        RescanVmfs(): void
                needs Host.Config.Storage
                throws HostConfigFault
        AttachVmfsExtent(vmfsPath: string, extent: HostScsiDiskPartition): void
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        ExpandVmfsExtent(vmfsPath: string, extent: HostScsiDiskPartition): void 4.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        UpgradeVmfs(vmfsPath: string): void
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        UpgradeVmLayout(): void
                needs Host.Config.Storage
        QueryUnresolvedVmfsVolume(): HostUnresolvedVmfsVolume[]? 4.0
                needs System.Read
        ResolveMultipleUnresolvedVmfsVolumes(resolutionSpec: HostUnresolvedVmfsResolutionSpec[]): HostUnresolvedVmfsResolutionResult[]? 4.0
                needs Host.Config.Storage
                throws HostConfigFault
        ResolveMultipleUnresolvedVmfsVolumesEx_Task(resolutionSpec: HostUnresolvedVmfsResolutionSpec[]): Task? 5.5
                needs Host.Config.Storage
                throws HostConfigFault
        UnmountForceMountedVmfsVolume(vmfsUuid: string): void 4.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        RescanHba(hbaDevice: string): void
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        RescanAllHba(): void
                needs Host.Config.Storage
                throws HostConfigFault
        UpdateSoftwareInternetScsiEnabled(enabled: boolean): void
                needs Host.Config.Storage
                throws HostConfigFault
        UpdateInternetScsiDiscoveryProperties(iScsiHbaDevice: string, discoveryProperties: HostInternetScsiHbaDiscoveryProperties): void
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        UpdateInternetScsiAuthenticationProperties(iScsiHbaDevice: string, authenticationProperties: HostInternetScsiHbaAuthenticationProperties, targetSet: HostInternetScsiHbaTargetSet? 4.0): void
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        UpdateInternetScsiDigestProperties(iScsiHbaDevice: string, targetSet: HostInternetScsiHbaTargetSet?, digestProperties: HostInternetScsiHbaDigestProperties): void 4.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        UpdateInternetScsiAdvancedOptions(iScsiHbaDevice: string, targetSet: HostInternetScsiHbaTargetSet?, options: HostInternetScsiHbaParamValue[]): void 4.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        UpdateInternetScsiIPProperties(iScsiHbaDevice: string, ipProperties: HostInternetScsiHbaIPProperties): void
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        UpdateInternetScsiName(iScsiHbaDevice: string, iScsiName: string): void
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        UpdateInternetScsiAlias(iScsiHbaDevice: string, iScsiAlias: string): void
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        AddInternetScsiSendTargets(iScsiHbaDevice: string, targets: HostInternetScsiHbaSendTarget[]): void
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        RemoveInternetScsiSendTargets(iScsiHbaDevice: string, targets: HostInternetScsiHbaSendTarget[]): void
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        AddInternetScsiStaticTargets(iScsiHbaDevice: string, targets: HostInternetScsiHbaStaticTarget[]): void
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        RemoveInternetScsiStaticTargets(iScsiHbaDevice: string, targets: HostInternetScsiHbaStaticTarget[]): void
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        EnableMultipathPath(pathName: string): void
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        DisableMultipathPath(pathName: string): void
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        SetMultipathLunPolicy(lunId: string, policy: HostMultipathInfoLogicalUnitPolicy): void
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        UpdateHppMultipathLunPolicy(lunId: string, policy: HostMultipathInfoHppLogicalUnitPolicy): void 7.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        QueryPathSelectionPolicyOptions(): HostPathSelectionPolicyOption[]? 4.0
                needs System.Read
                throws HostConfigFault
        QueryStorageArrayTypePolicyOptions(): HostStorageArrayTypePolicyOption[]? 4.0
                needs System.Read
                throws HostConfigFault
        UpdateScsiLunDisplayName(lunUuid: string, displayName: string): void 4.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault InvalidName DuplicateName
        DetachScsiLun(lunUuid: string): void 5.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault InvalidState ResourceInUse
        DetachScsiLunEx_Task(lunUuid: string[]): Task 6.0
                needs Host.Config.Storage
                throws HostConfigFault
        DeleteScsiLunState(lunCanonicalName: string): void 5.0
                needs Host.Config.Storage
                throws HostConfigFault
        AttachScsiLun(lunUuid: string): void 5.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault InvalidState
        AttachScsiLunEx_Task(lunUuid: string[]): Task 6.0
                needs Host.Config.Storage
                throws HostConfigFault
        RefreshStorageSystem(): void
                needs Host.Config.Storage
        DiscoverFcoeHbas(fcoeSpec: FcoeConfigFcoeSpecification): void 5.0
                needs Host.Config.Storage
                throws FcoeFaultPnicHasNoPortSet HostConfigFault NotFound
        MarkForRemoval(hbaName: string, remove: boolean): void 5.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        FormatVffs(createSpec: HostVffsSpec): HostVffsVolume 5.5
                needs Host.Config.Storage
                throws AlreadyExists HostConfigFault ResourceInUse
        ExtendVffs(vffsPath: string, devicePath: string, spec: HostDiskPartitionSpec?): void 5.5
                needs Host.Config.Storage
                throws NotFound HostConfigFault ResourceInUse
        DestroyVffs(vffsPath: string): void 5.5
                needs Host.Config.Storage
                throws NotFound HostConfigFault ResourceInUse
        MountVffsVolume(vffsUuid: string): void 5.5
                needs Host.Config.Storage
                throws NotFound InvalidState HostConfigFault ResourceInUse
        UnmountVffsVolume(vffsUuid: string): void 5.5
                needs Host.Config.Storage
                throws NotFound InvalidState HostConfigFault ResourceInUse
        DeleteVffsVolumeState(vffsUuid: string): void 5.5
                needs Host.Config.Storage
                throws HostConfigFault
        RescanVffs(): void 5.5
                needs Host.Config.Storage
                throws HostConfigFault
        QueryAvailableSsds(vffsPath: string?): HostScsiDisk[]? 5.5
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        SetNFSUser(user: string, password: string): void 6.0
                needs Host.Config.Storage
                throws HostConfigFault
        ChangeNFSUserPassword(password: string): void 6.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        QueryNFSUser(): HostNasVolumeUserInfo? 6.0
                needs Host.Config.Storage
                throws HostConfigFault
        ClearNFSUser(): void 6.0
                needs Host.Config.Storage
                throws HostConfigFault
        TurnDiskLocatorLedOn_Task(scsiDiskUuids: string[]): Task? 6.0
                needs Host.Config.Storage
                throws HostConfigFault
        TurnDiskLocatorLedOff_Task(scsiDiskUuids: string[]): Task? 6.0
                needs Host.Config.Storage
                throws HostConfigFault
        MarkAsSsd_Task(scsiDiskUuid: string): Task 6.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        MarkAsNonSsd_Task(scsiDiskUuid: string): Task 6.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        MarkAsLocal_Task(scsiDiskUuid: string): Task 6.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        MarkAsNonLocal_Task(scsiDiskUuid: string): Task 6.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        UpdateVmfsUnmapPriority(vmfsUuid: string, unmapPriority: string): void 6.5
                needs Host.Config.Storage
        UpdateVmfsUnmapBandwidth(vmfsUuid: string, unmapBandwidthSpec: VmfsUnmapBandwidthSpec): void 6.7
                needs Host.Config.Storage
        QueryVmfsConfigOption(): VmfsConfigOption[]? 6.5
                needs Host.Config.Storage
        MarkPerenniallyReserved(lunUuid: string, state: boolean): void 6.7.2
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        MarkPerenniallyReservedEx_Task(lunUuid: string[]?, state: boolean): Task? 6.7.2
                needs Host.Config.Storage
        CreateNvmeOverRdmaAdapter(rdmaDeviceName: string): void 7.0
                needs Host.Config.Storage
                throws ResourceInUse NotFound HostConfigFault
        RemoveNvmeOverRdmaAdapter(hbaDeviceName: string): void 7.0
                needs Host.Config.Storage
                throws NotFound ResourceInUse HostConfigFault
        DiscoverNvmeControllers(discoverSpec: HostNvmeDiscoverSpec): HostNvmeDiscoveryLog 7.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        ConnectNvmeController(connectSpec: HostNvmeConnectSpec): void 7.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault
        DisconnectNvmeController(disconnectSpec: HostNvmeDisconnectSpec): void 7.0
                needs Host.Config.Storage
                throws NotFound HostConfigFault

data HostStorageSystemDiskLocatorLedResult : DynamicData 6.0
        key: string
        fault: LocalizedMethodFault

data HostStorageSystemScsiLunResult : DynamicData 6.0
        key: string
        fault: LocalizedMethodFault?

data HostStorageSystemVmfsVolumeResult : DynamicData 6.0
        key: string
        fault: LocalizedMethodFault?

managed HostSystem : ManagedEntity 2.0
        runtime: HostRuntimeInfo
        summary: HostListSummary
        hardware: HostHardwareInfo?
        capability: HostCapability?
        licensableResource: HostLicensableResourceInfo 5.0
        remediationState: HostSystemRemediationState? 6.7
        precheckRemediationResult: ApplyHostProfileConfigurationSpec? 6.7
        remediationResult: ApplyHostProfileConfigurationResult? 6.7
        complianceCheckState: HostSystemComplianceCheckState? 6.7
        complianceCheckResult: ComplianceResult? 6.7
        configManager: HostConfigManager
        config: HostConfigInfo?
        vm: VirtualMachine[]?
        datastore: Datastore[]? needs System.View
        network: Network[]? needs System.View
        datastoreBrowser: HostDatastoreBrowser needs System.View
        systemResources: HostSystemResourceInfo?
        answerFileValidationState: AnswerFileStatusResult? 6.7
        answerFileValidationResult: AnswerFileStatusResult? 6.7
        QueryTpmAttestationReport(): HostTpmAttestationReport? 5.1
                needs System.Read
        QueryHostConnectionInfo(): HostConnectInfo
                needs System.Read
        UpdateSystemResources(resourceInfo: HostSystemResourceInfo): void
                needs Host.Config.Resources
        UpdateSystemSwapConfiguration(sysSwapConfig: HostSystemSwapConfiguration): void 5.1
                needs Host.Config.Settings
        ReconnectHost_Task(cnxSpec: HostConnectSpec?, reconnectSpec: HostSystemReconnectSpec? 5.0): Task
                needs Host.Config.Connection
                throws InvalidLogin InvalidState InvalidName HostConnectFault
        DisconnectHost_Task(): Task
                needs Host.Config.Connection
        EnterMaintenanceMode_Task(timeout: int, evacuatePoweredOffVms: boolean? 2.5, maintenanceSpec: HostMaintenanceSpec? 5.5): Task
                needs Host.Config.Maintenance
                throws InvalidState Timedout
        ExitMaintenanceMode_Task(timeout: int): Task
                needs Host.Config.Maintenance
                throws InvalidState Timedout
        RebootHost_Task(force: boolean): Task
                needs Host.Config.Maintenance
                throws InvalidState
        ShutdownHost_Task(force: boolean): Task
                needs Host.Config.Maintenance
                throws InvalidState
        PowerDownHostToStandBy_Task(timeoutSec: int, evacuatePoweredOffVms: boolean?): Task 2.5
                needs Host.Config.Maintenance
                throws HostPowerOpFailed InvalidState NotSupported Timedout RequestCanceled
        PowerUpHostFromStandBy_Task(timeoutSec: int): Task 2.5
                needs Host.Config.Maintenance
                throws HostPowerOpFailed InvalidState NotSupported Timedout
        QueryMemoryOverhead(memorySize: long, videoRamSize: int?, numVcpus: int): long
                needs System.Read
        QueryMemoryOverheadEx(vmConfigInfo: VirtualMachineConfigInfo): long 2.5
                needs System.Read
        ReconfigureHostForDAS_Task(): Task
                needs Host.Config.Connection
                throws DasConfigFault
        UpdateFlags(flagInfo: HostFlagInfo): void 2.5
                needs Host.Config.Settings
        EnterLockdownMode(): void 4.1
                needs Host.Config.Settings
                throws HostConfigFault
        ExitLockdownMode(): void 4.1
                needs Host.Config.Settings
                throws HostConfigFault
        AcquireCimServicesTicket(): HostServiceTicket 2.5
                needs Host.Cim.CimInteraction
        UpdateIpmi(ipmiInfo: HostIpmiInfo): void 4.0
                needs Host.Config.Settings
                throws InvalidIpmiLoginInfo InvalidIpmiMacAddress
        RetrieveHardwareUptime(): long 4.1
                needs System.Read
        PrepareCrypto(): void 6.5
                needs Cryptographer.RegisterHost
                throws InvalidState
        EnableCrypto(keyPlain: CryptoKeyPlain): void 6.5
                needs Cryptographer.RegisterHost
                throws InvalidState
        ConfigureCryptoKey(keyId: CryptoKeyId?): void 6.5
                needs Cryptographer.RegisterHost
        QueryProductLockerLocation(): string 6.7.1
                needs VirtualMachine.Interact.ToolsInstall
                throws HostConfigFault
        UpdateProductLockerLocation_Task(path: string): Task 6.7.1
                needs VirtualMachine.Interact.ToolsInstall
                throws InvalidArgument FileNotFound TaskInProgress HostConfigFault
        RetrieveFreeEpcMemory(): long 7.0
                needs System.Read

data HostSystemComplianceCheckState : DynamicData 6.7
        state: string
        checkTime: dateTime

enum HostSystemConnectionState 2.0
        connected
        notResponding
        disconnected

enum HostSystemDebugManagerProcessKey 4.0
        hostd

data HostSystemHealthInfo : DynamicData 2.5
        numericSensorInfo: HostNumericSensorInfo[]?

data HostSystemIdentificationInfo : DynamicData 2.5
        identifierValue: string
        identifierType: ElementDescription

enum HostSystemIdentificationInfoIdentifier 2.5
        AssetTag
        ServiceTag
        OemSpecificString 5.0
        EnclosureSerialNumberTag 6.0
        SerialNumberTag 6.0

data HostSystemInfo : DynamicData 2.0
        vendor: string
        model: string
        uuid: string
        otherIdentifyingInfo: HostSystemIdentificationInfo[]? 2.5
        serialNumber: string? 6.7

enum HostSystemPowerState 2.5
        poweredOn
        poweredOff
        standBy
        unknown

data HostSystemReconnectSpec : DynamicData 5.0
        syncState: boolean?

data HostSystemRemediationState : DynamicData 6.7
        state: string
        operationTime: dateTime

enum HostSystemRemediationStateState 6.7
        remediationReady
        precheckRemediationRunning
        precheckRemediationComplete
        precheckRemediationFailed
        remediationRunning
        remediationFailed

data HostSystemResourceInfo : DynamicData 2.0
        key: string
        config: ResourceConfigSpec?
        child: HostSystemResourceInfo[]?

data HostSystemSwapConfiguration : DynamicData 5.1
        option: HostSystemSwapConfigurationSystemSwapOption[]?

data HostSystemSwapConfigurationDatastoreOption : HostSystemSwapConfigurationSystemSwapOption 5.1
        datastore: string

data HostSystemSwapConfigurationDisabledOption : HostSystemSwapConfigurationSystemSwapOption 5.1

data HostSystemSwapConfigurationHostCacheOption : HostSystemSwapConfigurationSystemSwapOption 5.1

data HostSystemSwapConfigurationHostLocalSwapOption : HostSystemSwapConfigurationSystemSwapOption 5.1

data HostSystemSwapConfigurationSystemSwapOption : DynamicData 5.1
        key: int

data HostTargetTransport : DynamicData 2.0

data HostTpmAttestationInfo : DynamicData 6.7
        time: dateTime
        status: HostTpmAttestationInfoAcceptanceStatus
        message: LocalizableMessage?

enum HostTpmAttestationInfoAcceptanceStatus 6.7
        notAccepted
        accepted

data HostTpmAttestationReport : DynamicData 5.1
        tpmPcrValues: HostTpmDigestInfo[]
        tpmEvents: HostTpmEventLogEntry[]
        tpmLogReliable: boolean

data HostTpmBootSecurityOptionEventDetails : HostTpmEventDetails 5.1
        bootSecurityOption: string

data HostTpmCommandEventDetails : HostTpmEventDetails 5.1
        commandLine: string

data HostTpmDigestInfo : HostDigestInfo 4.0
        pcrNumber: int

data HostTpmEventDetails : DynamicData 5.1
        dataHash: byte[]
        dataHashMethod: string? 6.7

data HostTpmEventLogEntry : DynamicData 5.1
        pcrIndex: int
        eventDetails: HostTpmEventDetails

data HostTpmOptionEventDetails : HostTpmEventDetails 5.1
        optionsFileName: string
        bootOptions: byte[]?

data HostTpmSoftwareComponentEventDetails : HostTpmEventDetails 5.1
        componentName: string
        vibName: string
        vibVersion: string
        vibVendor: string

data HostUnresolvedVmfsExtent : DynamicData 4.0
        device: HostScsiDiskPartition
        devicePath: string
        vmfsUuid: string
        isHeadExtent: boolean
        ordinal: int
        startBlock: int
        endBlock: int
        reason: string

enum HostUnresolvedVmfsExtentUnresolvedReason 4.0
        diskIdMismatch
        uuidConflict

data HostUnresolvedVmfsResignatureSpec : DynamicData 4.0
        extentDevicePath: string[]

data HostUnresolvedVmfsResolutionResult : DynamicData 4.0
        spec: HostUnresolvedVmfsResolutionSpec
        vmfs: HostVmfsVolume?
        fault: LocalizedMethodFault?

data HostUnresolvedVmfsResolutionSpec : DynamicData 4.0
        extentDevicePath: string[]
        uuidResolution: string

enum HostUnresolvedVmfsResolutionSpecVmfsUuidResolution 4.0
        resignature
        forceMount

data HostUnresolvedVmfsVolume : DynamicData 4.0
        extent: HostUnresolvedVmfsExtent[]
        vmfsLabel: string
        vmfsUuid: string
        totalBlocks: int
        resolveStatus: HostUnresolvedVmfsVolumeResolveStatus

data HostUnresolvedVmfsVolumeResolveStatus : DynamicData 4.0
        resolvable: boolean
        incompleteExtents: boolean?
        multipleCopies: boolean?

managed HostVFlashManager : ManagedObject 5.5
        vFlashConfigInfo: HostVFlashManagerVFlashConfigInfo?
        ConfigureVFlashResourceEx_Task(devicePath: string[]?): Task?
                needs Host.Config.Storage
                throws HostConfigFault
        HostConfigureVFlashResource(spec: HostVFlashManagerVFlashResourceConfigSpec): void
                needs Host.Config.Storage
                throws HostConfigFault ResourceInUse
        HostRemoveVFlashResource(): void
                needs Host.Config.Storage
                throws NotFound HostConfigFault ResourceInUse
        HostConfigVFlashCache(spec: HostVFlashManagerVFlashCacheConfigSpec): void
                needs Host.Config.AdvancedConfig
                throws HostConfigFault InaccessibleVFlashSource ResourceInUse
        HostGetVFlashModuleDefaultConfig(vFlashModule: string): VirtualDiskVFlashCacheConfigInfo
                needs Host.Config.AdvancedConfig
                throws NotFound HostConfigFault

data HostVFlashManagerVFlashCacheConfigInfo : DynamicData 5.5
        vFlashModuleConfigOption: HostVFlashManagerVFlashCacheConfigInfoVFlashModuleConfigOption[]?
        defaultVFlashModule: string?
        swapCacheReservationInGB: long?

data HostVFlashManagerVFlashCacheConfigInfoVFlashModuleConfigOption : DynamicData 5.5
        vFlashModule: string
        vFlashModuleVersion: string
        minSupportedModuleVersion: string
        cacheConsistencyType: ChoiceOption
        cacheMode: ChoiceOption
        blockSizeInKBOption: LongOption
        reservationInMBOption: LongOption
        maxDiskSizeInKB: long

data HostVFlashManagerVFlashCacheConfigSpec : DynamicData 5.5
        defaultVFlashModule: string
        swapCacheReservationInGB: long

data HostVFlashManagerVFlashConfigInfo : DynamicData 5.5
        vFlashResourceConfigInfo: HostVFlashManagerVFlashResourceConfigInfo?
        vFlashCacheConfigInfo: HostVFlashManagerVFlashCacheConfigInfo?

data HostVFlashManagerVFlashResourceConfigInfo : DynamicData 5.5
        vffs: HostVffsVolume?
        capacity: long

data HostVFlashManagerVFlashResourceConfigSpec : DynamicData 5.5
        vffsUuid: string

data HostVFlashManagerVFlashResourceRunTimeInfo : DynamicData 5.5
        usage: long
        capacity: long
        accessible: boolean
        capacityForVmCache: long
        freeForVmCache: long

data HostVFlashResourceConfigurationResult : DynamicData 5.5
        devicePath: string[]?
        vffs: HostVffsVolume?
        diskConfigurationResult: HostDiskConfigurationResult[]?

data HostVMotionConfig : DynamicData 2.0
        vmotionNicKey: string?
        enabled: boolean

data HostVMotionInfo : DynamicData 2.0
        netConfig: HostVMotionNetConfig?
        ipConfig: HostIpConfig?

data HostVMotionManagerDstInstantCloneResult : DynamicData 7.0
        dstVmId: int?
        startTime: long?
        cptLoadTime: long?
        cptLoadDoneTime: long?
        replicateMemDoneTime: long?
        endTime: long?
        cptXferTime: long?
        cptCacheUsed: long?
        devCptStreamSize: long?
        devCptStreamTime: long?

data HostVMotionManagerSrcInstantCloneResult : DynamicData 7.0
        startTime: long?
        quiesceTime: long?
        quiesceDoneTime: long?
        resumeDoneTime: long?
        endTime: long?

enum HostVMotionManagerVMotionType 4.0
        vmotion
        fast_suspend_resume
        fault_tolerance
        disks_only
        memory_mirror
        instant_clone 6.7

data HostVMotionNetConfig : DynamicData 2.0
        candidateVnic: HostVirtualNic[]?
        selectedVnic: string?

managed HostVMotionSystem : ExtensibleManagedObject 2.0
        netConfig: HostVMotionNetConfig?
        ipConfig: HostIpConfig?
        UpdateIpConfig(ipConfig: HostIpConfig): void
                needs Host.Config.Network
                throws NotFound HostConfigFault
        SelectVnic(device: string): void
                needs Host.Config.Network
                throws HostConfigFault
        DeselectVnic(): void
                needs Host.Config.Network
                throws HostConfigFault

data HostVfatVolume : HostFileSystemVolume 5.0

data HostVffsSpec : DynamicData 5.5
        devicePath: string
        partition: HostDiskPartitionSpec?
        majorVersion: int
        volumeName: string

data HostVffsVolume : HostFileSystemVolume 5.5
        majorVersion: int
        version: string
        uuid: string
        extent: HostScsiDiskPartition[]

data HostVirtualNic : DynamicData 2.0
        device: string
        key: string
        portgroup: string
        spec: HostVirtualNicSpec
        port: string?

data HostVirtualNicConfig : DynamicData 2.0
        changeOperation: string?
        device: string?
        portgroup: string
        spec: HostVirtualNicSpec?

data HostVirtualNicConnection : DynamicData 4.0
        portgroup: string?
        dvPort: DistributedVirtualSwitchPortConnection?
        opNetwork: HostVirtualNicOpaqueNetworkSpec? 6.7

data HostVirtualNicIpRouteSpec : DynamicData 6.5
        ipRouteConfig: HostIpRouteConfig?

managed HostVirtualNicManager : ExtensibleManagedObject 4.0
        info: HostVirtualNicManagerInfo
        QueryNetConfig(nicType: string): VirtualNicManagerNetConfig?
                needs Host.Config.Network
                throws HostConfigFault InvalidArgument
        SelectVnicForNicType(nicType: string, device: string): void
                needs Host.Config.Network
                throws HostConfigFault InvalidArgument
        DeselectVnicForNicType(nicType: string, device: string): void
                needs Host.Config.Network
                throws HostConfigFault InvalidArgument

data HostVirtualNicManagerInfo : DynamicData 4.0
        netConfig: VirtualNicManagerNetConfig[]?

enum HostVirtualNicManagerNicType 4.0
        vmotion
        faultToleranceLogging
        vSphereReplication 5.1
        vSphereReplicationNFC 6.0
        management
        vsan 5.5
        vSphereProvisioning 6.0
        vsanWitness 6.5
        vSphereBackupNFC 7.0
        ptp 7.0
        vsanReplication 7.0

data HostVirtualNicManagerNicTypeSelection : DynamicData 4.0
        vnic: HostVirtualNicConnection
        nicType: string[]?

data HostVirtualNicOpaqueNetworkSpec : DynamicData 6.0
        opaqueNetworkId: string
        opaqueNetworkType: string

data HostVirtualNicSpec : DynamicData 2.0
        ip: HostIpConfig?
        mac: string?
        distributedVirtualPort: DistributedVirtualSwitchPortConnection? 4.0
        portgroup: string? 4.0
        mtu: int? 4.0
        tsoEnabled: boolean? 4.0
        netStackInstanceKey: string? 5.5
        opaqueNetwork: HostVirtualNicOpaqueNetworkSpec? 6.0
        externalId: string? 6.0
        pinnedPnic: string? 6.0
        ipRouteSpec: HostVirtualNicIpRouteSpec? 6.5
        systemOwned: boolean? 7.0

data HostVirtualSwitch : DynamicData 2.0
        name: string
        key: string
        numPorts: int
        numPortsAvailable: int
        mtu: int? 2.5
        portgroup: string[]?
        pnic: string[]?
        spec: HostVirtualSwitchSpec

data HostVirtualSwitchAutoBridge : HostVirtualSwitchBridge 2.0
        excludedNicDevice: string[]? 2.5

data HostVirtualSwitchBeaconConfig : DynamicData 2.0
        interval: int

data HostVirtualSwitchBondBridge : HostVirtualSwitchBridge 2.0
        nicDevice: string[]
        beacon: HostVirtualSwitchBeaconConfig?
        linkDiscoveryProtocolConfig: LinkDiscoveryProtocolConfig? 4.0

data HostVirtualSwitchBridge : DynamicData 2.0

data HostVirtualSwitchConfig : DynamicData 2.0
        changeOperation: string?
        name: string
        spec: HostVirtualSwitchSpec?

data HostVirtualSwitchSimpleBridge : HostVirtualSwitchBridge 2.0
        nicDevice: string

data HostVirtualSwitchSpec : DynamicData 2.0
        numPorts: int
        bridge: HostVirtualSwitchBridge?
        policy: HostNetworkPolicy?
        mtu: int? 2.5

data HostVmciAccessManagerAccessSpec : DynamicData 5.0
        vm: VirtualMachine
        services: string[]?
        mode: string

enum HostVmciAccessManagerMode 5.0
        grant
        replace
        revoke

data HostVmfsRescanResult : DynamicData 4.0
        host: HostSystem
        fault: LocalizedMethodFault?

data HostVmfsSpec : DynamicData 2.0
        extent: HostScsiDiskPartition
        blockSizeMb: int?
        majorVersion: int
        volumeName: string
        blockSize: int? 6.5
        unmapGranularity: int? 6.5
        unmapPriority: string? 6.5
        unmapBandwidthSpec: VmfsUnmapBandwidthSpec? 6.7

data HostVmfsVolume : HostFileSystemVolume 2.0
        blockSizeMb: int
        blockSize: int? 6.5
        unmapGranularity: int? 6.5
        unmapPriority: string? 6.5
        unmapBandwidthSpec: VmfsUnmapBandwidthSpec? 6.7
        maxBlocks: int
        majorVersion: int
        version: string
        uuid: string
        extent: HostScsiDiskPartition[]
        vmfsUpgradable: boolean
        forceMountedInfo: HostForceMountedInfo? 4.0
        ssd: boolean? 5.0
        local: boolean? 5.5
        scsiDiskType: string? 6.5

enum HostVmfsVolumeUnmapBandwidthPolicy 6.7
        fixed
        dynamic

enum HostVmfsVolumeUnmapPriority 6.5
        none
        low

managed HostVsanInternalSystem : ManagedObject 5.5
        QueryCmmds(queries: HostVsanInternalSystemCmmdsQuery[]): string
                needs System.Read
        QueryPhysicalVsanDisks(props: string[]?): string
                needs System.Read
        QueryVsanObjects(uuids: string[]?): string
                needs System.Read
        QueryObjectsOnPhysicalVsanDisk(disks: string[]): string
                needs System.Read
        AbdicateDomOwnership(uuids: string[]): string[]?
                needs Host.Config.Storage
        QueryVsanStatistics(labels: string[]): string
                needs System.Read
        ReconfigureDomObject(uuid: string, policy: string): void
                needs Host.Config.Storage
        QuerySyncingVsanObjects(uuids: string[]?): string
                needs System.Read
        RunVsanPhysicalDiskDiagnostics(disks: string[]?): HostVsanInternalSystemVsanPhysicalDiskDiagnosticsResult[]
                needs System.Read
        GetVsanObjExtAttrs(uuids: string[]): string
                needs System.Read
                throws VimFault
        ReconfigurationSatisfiable(pcbs: VsanPolicyChangeBatch[], ignoreSatisfiability: boolean? 6.0): VsanPolicySatisfiability[]
                needs System.Read
                throws VimFault
        CanProvisionObjects(npbs: VsanNewPolicyBatch[], ignoreSatisfiability: boolean? 6.0): VsanPolicySatisfiability[]
                needs System.Read
                throws VimFault
        DeleteVsanObjects(uuids: string[], force: boolean?): HostVsanInternalSystemDeleteVsanObjectsResult[]
                needs Host.Config.Storage
                throws VimFault
        UpgradeVsanObjects(uuids: string[], newVersion: int): HostVsanInternalSystemVsanObjectOperationResult[]? 6.0
                needs Host.Config.Storage
                throws VsanFault
        QueryVsanObjectUuidsByFilter(uuids: string[]?, limit: int?, version: int?): string[]? 6.0
                needs System.Read
                throws VsanFault

data HostVsanInternalSystemCmmdsQuery : DynamicData 5.5
        type: string?
        uuid: string?
        owner: string?

data HostVsanInternalSystemDeleteVsanObjectsResult : DynamicData 5.5
        uuid: string
        success: boolean
        failureReason: LocalizableMessage[]?

data HostVsanInternalSystemVsanObjectOperationResult : DynamicData 6.0
        uuid: string
        failureReason: LocalizableMessage[]?

data HostVsanInternalSystemVsanPhysicalDiskDiagnosticsResult : DynamicData 5.5
        diskUuid: string
        success: boolean
        failureReason: string?

managed HostVsanSystem : ManagedObject 5.5
        config: VsanHostConfigInfo needs System.Read
        QueryDisksForVsan(canonicalName: string[]?): VsanHostDiskResult[]?
                needs System.Read
        AddDisks_Task(disk: HostScsiDisk[]): Task?
                needs Host.Config.Storage
        InitializeDisks_Task(mapping: VsanHostDiskMapping[]): Task?
                needs Host.Config.Storage
        RemoveDisk_Task(disk: HostScsiDisk[], maintenanceSpec: HostMaintenanceSpec? 6.0, timeout: int? 6.0): Task?
                needs Host.Config.Storage
        RemoveDiskMapping_Task(mapping: VsanHostDiskMapping[], maintenanceSpec: HostMaintenanceSpec? 6.0, timeout: int? 6.0): Task?
                needs Host.Config.Storage
        UnmountDiskMapping_Task(mapping: VsanHostDiskMapping[]): Task 6.0
                needs Host.Config.Storage
                throws InvalidState VsanFault
        UpdateVsan_Task(config: VsanHostConfigInfo): Task
                needs Host.Config.Storage
        QueryHostStatus(): VsanHostClusterStatus
                needs System.Read
        EvacuateVsanNode_Task(maintenanceSpec: HostMaintenanceSpec, timeout: int): Task 6.0
                needs Host.Config.Storage
                throws InvalidState RequestCanceled Timedout VsanFault
        RecommissionVsanNode_Task(): Task 6.0
                needs Host.Config.Storage
                throws InvalidState VsanFault

data HostVvolVolume : HostFileSystemVolume 6.0
        scId: string
        hostPE: VVolHostPE[]?
        vasaProviderInfo: VimVasaProviderInfo[]?
        storageArray: VASAStorageArray[]?

data HostVvolVolumeSpecification : DynamicData 6.0
        maxSizeInMB: long
        volumeName: string
        vasaProviderInfo: VimVasaProviderInfo[]?
        storageArray: VASAStorageArray[]?
        uuid: string

enum InternetScsiSnsDiscoveryMethod 2.0
        isnsStatic
        isnsDhcp
        isnsSlp

data IscsiDependencyEntity : DynamicData 5.0
        pnicDevice: string
        vnicDevice: string
        vmhbaName: string

managed IscsiManager : ManagedObject 5.0
        QueryVnicStatus(vnicDevice: string): IscsiStatus
                needs Host.Config.Storage
                throws IscsiFault
        QueryPnicStatus(pnicDevice: string): IscsiStatus
                needs Host.Config.Storage
                throws IscsiFault
        QueryBoundVnics(iScsiHbaName: string): IscsiPortInfo[]?
                needs Host.Config.Storage
                throws IscsiFault NotFound
        QueryCandidateNics(iScsiHbaName: string): IscsiPortInfo[]?
                needs Host.Config.Storage
                throws IscsiFault NotFound
        BindVnic(iScsiHbaName: string, vnicDevice: string): void
                needs Host.Config.Storage
                throws IscsiFaultVnicAlreadyBound IscsiFaultVnicHasNoUplinks
                        IscsiFaultVnicHasMultipleUplinks IscsiFaultVnicHasWrongUplink IscsiFaultVnicNotFound
                        IscsiFaultInvalidVnic PlatformConfigFault IscsiFault NotFound
        UnbindVnic(iScsiHbaName: string, vnicDevice: string, force: boolean): void
                needs Host.Config.Storage
                throws IscsiFaultVnicNotBound IscsiFaultVnicHasActivePaths IscsiFaultVnicIsLastPath
                        PlatformConfigFault IscsiFault NotFound
        QueryMigrationDependencies(pnicDevice: string[]): IscsiMigrationDependency
                needs Host.Config.Storage

data IscsiMigrationDependency : DynamicData 5.0
        migrationAllowed: boolean
        disallowReason: IscsiStatus?
        dependency: IscsiDependencyEntity[]?

data IscsiPortInfo : DynamicData 5.0
        vnicDevice: string?
        vnic: HostVirtualNic?
        pnicDevice: string?
        pnic: PhysicalNic?
        switchName: string?
        switchUuid: string?
        portgroupName: string?
        portgroupKey: string?
        portKey: string?
        opaqueNetworkId: string? 6.5
        opaqueNetworkType: string? 6.5
        opaqueNetworkName: string? 6.5
        externalId: string? 6.5
        complianceStatus: IscsiStatus?
        pathStatus: string?

enum IscsiPortInfoPathStatus 5.0
        notUsed
        active
        standBy
        lastActive

data IscsiStatus : DynamicData 5.0
        reason: LocalizedMethodFault[]?

data IsoImageFileInfo : FileInfo 2.0

data IsoImageFileQuery : FileQuery 2.0

data KernelModuleInfo : DynamicData 4.0
        id: int
        name: string
        version: string
        filename: string
        optionString: string
        loaded: boolean
        enabled: boolean
        useCount: int
        readOnlySection: KernelModuleSectionInfo
        writableSection: KernelModuleSectionInfo
        textSection: KernelModuleSectionInfo
        dataSection: KernelModuleSectionInfo
        bssSection: KernelModuleSectionInfo

data KernelModuleSectionInfo : DynamicData 4.0
        address: long
        length: int?

data LinkDiscoveryProtocolConfig : DynamicData 4.0
        protocol: string
        operation: string

enum LinkDiscoveryProtocolConfigOperationType 4.0
        none
        listen
        advertise
        both

enum LinkDiscoveryProtocolConfigProtocolType 4.0
        cdp
        lldp

data LinkLayerDiscoveryProtocolInfo : DynamicData 5.0
        chassisId: string
        portId: string
        timeToLive: int
        parameter: KeyAnyValue[]?

data LocalDatastoreInfo : DatastoreInfo 2.0
        path: string?

managed MessageBusProxy : ManagedObject 6.0

data ModeInfo : DynamicData 2.0
        browse: string?
        read: string
        modify: string
        use: string
        admin: string?
        full: string

enum MultipathState 2.0
        standby
        active
        disabled
        dead
        unknown

data NasDatastoreInfo : DatastoreInfo 2.0
        nas: HostNasVolume?

data NvdimmDimmInfo : DynamicData 6.7
        dimmHandle: int
        healthInfo: NvdimmHealthInfo
        totalCapacity: long
        persistentCapacity: long
        availablePersistentCapacity: long
        volatileCapacity: long
        availableVolatileCapacity: long
        blockCapacity: long
        regionInfo: NvdimmRegionInfo[]?
        representationString: string

data NvdimmGuid : DynamicData 6.7
        uuid: string

data NvdimmHealthInfo : DynamicData 6.7
        healthStatus: string
        healthInformation: string
        stateFlagInfo: string[]?
        dimmTemperature: int
        dimmTemperatureThreshold: int
        spareBlocksPercentage: int
        spareBlockThreshold: int
        dimmLifespanPercentage: int
        esTemperature: int?
        esTemperatureThreshold: int?
        esLifespanPercentage: int?

data NvdimmInterleaveSetInfo : DynamicData 6.7
        setId: int
        rangeType: string
        baseAddress: long
        size: long
        availableSize: long
        deviceList: int[]?
        state: string

enum NvdimmInterleaveSetState 6.7
        invalid
        active

data NvdimmNamespaceCreateSpec : DynamicData 6.7
        friendlyName: string?
        blockSize: long
        blockCount: long
        type: string
        locationID: int

data NvdimmNamespaceDeleteSpec : DynamicData 6.7
        uuid: string

data NvdimmNamespaceDetails : DynamicData 6.7.1
        uuid: string
        friendlyName: string
        size: long
        type: string
        namespaceHealthStatus: string
        interleavesetID: int
        state: string

enum NvdimmNamespaceDetailsHealthStatus 6.7.1
        normal
        missing
        labelMissing
        interleaveBroken
        labelInconsistent

enum NvdimmNamespaceDetailsState 6.7.1
        invalid
        notInUse
        inUse

enum NvdimmNamespaceHealthStatus 6.7
        normal
        missing
        labelMissing
        interleaveBroken
        labelInconsistent
        bttCorrupt
        badBlockSize

data NvdimmNamespaceInfo : DynamicData 6.7
        uuid: string
        friendlyName: string
        blockSize: long
        blockCount: long
        type: string
        namespaceHealthStatus: string
        locationID: int
        state: string

enum NvdimmNamespaceState 6.7
        invalid
        notInUse
        inUse

enum NvdimmNamespaceType 6.7
        blockNamespace
        persistentNamespace

enum NvdimmNvdimmHealthInfoState 6.7
        normal
        error

data NvdimmPMemNamespaceCreateSpec : DynamicData 6.7.1
        friendlyName: string?
        size: long
        interleavesetID: int

enum NvdimmRangeType 6.7
        volatileRange
        persistentRange
        controlRange
        blockRange
        volatileVirtualDiskRange
        volatileVirtualCDRange
        persistentVirtualDiskRange
        persistentVirtualCDRange

data NvdimmRegionInfo : DynamicData 6.7
        regionId: int
        setId: int
        rangeType: string
        startAddr: long
        size: long
        offset: long

data NvdimmSummary : DynamicData 6.7
        numDimms: int
        healthStatus: string
        totalCapacity: long
        persistentCapacity: long
        blockCapacity: long
        availableCapacity: long
        numInterleavesets: int
        numNamespaces: int

data NvdimmSystemInfo : DynamicData 6.7
        summary: NvdimmSummary?
        dimms: int[]?
        dimmInfo: NvdimmDimmInfo[]?
        interleaveSet: int[]?
        iSetInfo: NvdimmInterleaveSetInfo[]?
        namespace: NvdimmGuid[]?
        nsInfo: NvdimmNamespaceInfo[]?
        nsDetails: NvdimmNamespaceDetails[]? 6.7.1

data PMemDatastoreInfo : DatastoreInfo 6.7
        pmem: HostPMemVolume

data PhysicalNic : DynamicData 2.0
        key: string?
        device: string
        pci: string
        driver: string?
        linkSpeed: PhysicalNicLinkInfo?
        validLinkSpecification: PhysicalNicLinkInfo[]?
        spec: PhysicalNicSpec
        wakeOnLanSupported: boolean 2.5
        mac: string 2.5
        fcoeConfiguration: FcoeConfig? 5.0
        vmDirectPathGen2Supported: boolean? 4.1
        vmDirectPathGen2SupportedMode: string? 4.1
        resourcePoolSchedulerAllowed: boolean? 4.1
        resourcePoolSchedulerDisallowedReason: string[]? 4.1
        autoNegotiateSupported: boolean? 4.1
        enhancedNetworkingStackSupported: boolean? 6.7
        ensInterruptSupported: boolean? 7.0
        rdmaDevice: string? 7.0

data PhysicalNicCdpDeviceCapability : DynamicData 2.5
        router: boolean
        transparentBridge: boolean
        sourceRouteBridge: boolean
        networkSwitch: boolean
        host: boolean
        igmpEnabled: boolean
        repeater: boolean

data PhysicalNicCdpInfo : DynamicData 2.5
        cdpVersion: int?
        timeout: int?
        ttl: int?
        samples: int?
        devId: string?
        address: string?
        portId: string?
        deviceCapability: PhysicalNicCdpDeviceCapability?
        softwareVersion: string?
        hardwarePlatform: string?
        ipPrefix: string?
        ipPrefixLen: int?
        vlan: int?
        fullDuplex: boolean?
        mtu: int?
        systemName: string?
        systemOID: string?
        mgmtAddr: string?
        location: string?

data PhysicalNicConfig : DynamicData 2.0
        device: string
        spec: PhysicalNicSpec

data PhysicalNicHint : DynamicData 2.0
        vlanId: int?

data PhysicalNicHintInfo : DynamicData 2.0
        device: string
        subnet: PhysicalNicIpHint[]?
        network: PhysicalNicNameHint[]?
        connectedSwitchPort: PhysicalNicCdpInfo? 2.5
        lldpInfo: LinkLayerDiscoveryProtocolInfo? 5.0

data PhysicalNicIpHint : PhysicalNicHint 2.0
        ipSubnet: string

data PhysicalNicLinkInfo : DynamicData 2.0
        speedMb: int
        duplex: boolean

data PhysicalNicNameHint : PhysicalNicHint 2.0
        network: string

enum PhysicalNicResourcePoolSchedulerDisallowedReason 4.1
        userOptOut
        hardwareUnsupported

data PhysicalNicSpec : DynamicData 2.0
        ip: HostIpConfig?
        linkSpeed: PhysicalNicLinkInfo?
        enableEnhancedNetworkingStack: boolean? 6.7
        ensInterruptEnabled: boolean? 7.0

enum PhysicalNicVmDirectPathGen2SupportedMode 4.1
        upt

enum PortGroupConnecteeType 2.0
        virtualMachine
        systemManagement
        host
        unknown

data PowerSystemCapability : DynamicData 4.1
        availablePolicy: HostPowerPolicy[]

data PowerSystemInfo : DynamicData 4.1
        currentPolicy: HostPowerPolicy

data Relation : DynamicData 6.5
        constraint: string?
        name: string
        version: string?

enum ScsiDiskType 6.5
        native512
        emulated512
        native4k
        SoftwareEmulated4k 6.7
        unknown

data ScsiLun : HostDevice 2.0
        key: string?
        uuid: string
        descriptor: ScsiLunDescriptor[]? 4.0
        canonicalName: string?
        displayName: string? 4.0
        lunType: string
        vendor: string?
        model: string?
        revision: string?
        scsiLevel: int?
        serialNumber: string?
        durableName: ScsiLunDurableName?
        alternateName: ScsiLunDurableName[]? 2.5
        standardInquiry: byte[]? 2.5
        queueDepth: int?
        operationalState: string[]
        capabilities: ScsiLunCapabilities? 4.0
        vStorageSupport: string? 4.1
        protocolEndpoint: boolean? 6.0
        perenniallyReserved: boolean? 6.7.2
        clusteredVmdkSupported: boolean? 7.0

data ScsiLunCapabilities : DynamicData 4.0
        updateDisplayNameSupported: boolean

data ScsiLunDescriptor : DynamicData 4.0
        quality: string
        id: string

enum ScsiLunDescriptorQuality 4.0
        highQuality
        mediumQuality
        lowQuality
        unknownQuality

data ScsiLunDurableName : DynamicData 2.0
        namespace: string
        namespaceId: byte
        data: byte[]?

enum ScsiLunState 2.0
        unknownState
        ok
        error
        off 4.0
        quiesced 4.0
        degraded
        lostCommunication
        timeout 5.1

enum ScsiLunType 2.0
        disk
        tape
        printer
        processor
        worm
        cdrom
        scanner
        opticalDevice
        mediaChanger
        communications
        storageArrayController
        enclosure
        unknown

enum ScsiLunVStorageSupportStatus 4.1
        vStorageSupported
        vStorageUnsupported
        vStorageUnknown

data ServiceConsoleReservationInfo : DynamicData 2.0
        serviceConsoleReservedCfg: long
        serviceConsoleReserved: long
        unreserved: long

enum SlpDiscoveryMethod 2.0
        slpDhcp
        slpAutoUnicast
        slpAutoMulticast
        slpManual

data SoftwarePackage : DynamicData 6.5
        name: string
        version: string
        type: string
        vendor: string
        acceptanceLevel: string
        summary: string
        description: string
        referenceURL: string[]?
        creationDate: dateTime?
        depends: Relation[]?
        conflicts: Relation[]?
        replaces: Relation[]?
        provides: string[]?
        maintenanceModeRequired: boolean?
        hardwarePlatformsRequired: string[]?
        capability: SoftwarePackageCapability
        tag: string[]?
        payload: string[]?

data SoftwarePackageCapability : DynamicData 6.5
        liveInstallAllowed: boolean?
        liveRemoveAllowed: boolean?
        statelessReady: boolean?
        overlay: boolean?

enum SoftwarePackageConstraint 6.5
        equals
        lessThan
        lessThanEqual
        greaterThanEqual
        greaterThan

enum SoftwarePackageVibType 6.5
        bootbank
        tools
        meta

data SystemEventInfo : DynamicData 6.5
        recordId: long
        when: string
        selType: long
        message: string
        sensorNumber: long

data TemplateConfigFileInfo : VmConfigFileInfo 2.0

data TemplateConfigFileQuery : VmConfigFileQuery 2.0

data VVolHostPE : DynamicData 6.0
        key: HostSystem
        protocolEndpoint: HostProtocolEndpoint[]

enum VirtualMachineMemoryAllocationPolicy 2.5
        swapNone
        swapSome
        swapMost

data VirtualMachineMemoryReservationInfo : DynamicData 2.5
        virtualMachineMin: long
        virtualMachineMax: long
        virtualMachineReserved: long
        allocationPolicy: string

data VirtualMachineMemoryReservationSpec : DynamicData 2.5
        virtualMachineReserved: long?
        allocationPolicy: string?

data VirtualNicManagerNetConfig : DynamicData 4.0
        nicType: string
        multiSelectAllowed: boolean
        candidateVnic: HostVirtualNic[]?
        selectedVnic: string[]?

data VmConfigFileEncryptionInfo : DynamicData 6.5
        keyId: CryptoKeyId?

data VmConfigFileInfo : FileInfo 2.0
        configVersion: int?
        encryption: VmConfigFileEncryptionInfo? 6.5

data VmConfigFileQuery : FileQuery 2.0
        filter: VmConfigFileQueryFilter?
        details: VmConfigFileQueryFlags?

data VmConfigFileQueryFilter : DynamicData 2.0
        matchConfigVersion: int[]?
        encrypted: boolean? 6.5

data VmConfigFileQueryFlags : DynamicData 2.0
        configVersion: boolean
        encryption: boolean? 6.5

data VmDiskFileEncryptionInfo : DynamicData 6.5
        keyId: CryptoKeyId?

data VmDiskFileInfo : FileInfo 2.0
        diskType: TypeName?
        capacityKb: long?
        hardwareVersion: int?
        controllerType: TypeName? 2.5
        diskExtents: string[]? 2.5
        thin: boolean? 4.0
        encryption: VmDiskFileEncryptionInfo? 6.5

data VmDiskFileQuery : FileQuery 2.0
        filter: VmDiskFileQueryFilter?
        details: VmDiskFileQueryFlags?

data VmDiskFileQueryFilter : DynamicData 2.0
        diskType: TypeName[]?
        matchHardwareVersion: int[]?
        controllerType: TypeName[]? 2.5
        thin: boolean? 4.0
        encrypted: boolean? 6.5

data VmDiskFileQueryFlags : DynamicData 2.0
        diskType: boolean
        capacityKb: boolean
        hardwareVersion: boolean
        controllerType: boolean? 2.5
        diskExtents: boolean? 2.5
        thin: boolean? 4.0
        encryption: boolean? 6.5

data VmLogFileInfo : FileInfo 2.0

data VmLogFileQuery : FileQuery 2.0

data VmNvramFileInfo : FileInfo 2.0

data VmNvramFileQuery : FileQuery 2.0

data VmSnapshotFileInfo : FileInfo 2.0

data VmSnapshotFileQuery : FileQuery 2.0

data VmfsConfigOption : DynamicData 6.5
        blockSizeOption: int
        unmapGranularityOption: int[]?
        unmapBandwidthFixedValue: LongOption? 6.7
        unmapBandwidthDynamicMin: LongOption? 6.7
        unmapBandwidthDynamicMax: LongOption? 6.7
        unmapBandwidthIncrement: long? 6.7

data VmfsDatastoreAllExtentOption : VmfsDatastoreSingleExtentOption 2.0

data VmfsDatastoreBaseOption : DynamicData 2.0
        layout: HostDiskPartitionLayout
        partitionFormatChange: boolean? 5.0

data VmfsDatastoreCreateSpec : VmfsDatastoreSpec 2.0
        partition: HostDiskPartitionSpec
        vmfs: HostVmfsSpec
        extent: HostScsiDiskPartition[]?

data VmfsDatastoreExpandSpec : VmfsDatastoreSpec 4.0
        partition: HostDiskPartitionSpec
        extent: HostScsiDiskPartition

data VmfsDatastoreExtendSpec : VmfsDatastoreSpec 2.0
        partition: HostDiskPartitionSpec
        extent: HostScsiDiskPartition[]

data VmfsDatastoreInfo : DatastoreInfo 2.0
        maxPhysicalRDMFileSize: long 5.1
        maxVirtualRDMFileSize: long 5.1
        vmfs: HostVmfsVolume?

data VmfsDatastoreMultipleExtentOption : VmfsDatastoreBaseOption 2.0
        vmfsExtent: HostDiskPartitionBlockRange[]

data VmfsDatastoreOption : DynamicData 2.0
        info: VmfsDatastoreBaseOption
        spec: VmfsDatastoreSpec

data VmfsDatastoreSingleExtentOption : VmfsDatastoreBaseOption 2.0
        vmfsExtent: HostDiskPartitionBlockRange

data VmfsDatastoreSpec : DynamicData 2.0
        diskUuid: string

data VmfsUnmapBandwidthSpec : DynamicData 6.7
        policy: string
        fixedValue: long
        dynamicMin: long
        dynamicMax: long

data VsanNewPolicyBatch : DynamicData 5.5
        size: long[]?
        policy: string?

data VsanPolicyChangeBatch : DynamicData 5.5
        uuid: string[]?
        policy: string?

data VsanPolicyCost : DynamicData 5.5
        changeDataSize: long?
        currentDataSize: long?
        tempDataSize: long?
        copyDataSize: long?
        changeFlashReadCacheSize: long?
        currentFlashReadCacheSize: long?
        currentDiskSpaceToAddressSpaceRatio: float? 6.0
        diskSpaceToAddressSpaceRatio: float?

data VsanPolicySatisfiability : DynamicData 5.5
        uuid: string?
        isSatisfiable: boolean
        reason: LocalizableMessage?
        cost: VsanPolicyCost?

data VvolDatastoreInfo : DatastoreInfo 6.0
        vvolDS: HostVvolVolume?

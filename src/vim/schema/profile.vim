# SPDX-License-Identifier: LGPL-2.1-or-later

data ActiveDirectoryProfile : ApplyProfile 4.1

data AnswerFile : DynamicData 5.0
        userInput: ProfileDeferredPolicyOptionParameter[]?
        createdTime: dateTime
        modifiedTime: dateTime

data AnswerFileCreateSpec : DynamicData 5.0
        validating: boolean? 6.0

data AnswerFileOptionsCreateSpec : AnswerFileCreateSpec 5.0
        userInput: ProfileDeferredPolicyOptionParameter[]?

data AnswerFileSerializedCreateSpec : AnswerFileCreateSpec 5.0
        answerFileConfigString: string

data AnswerFileStatusError : DynamicData 5.0
        userInputPath: ProfilePropertyPath
        errMsg: LocalizableMessage

data AnswerFileStatusResult : DynamicData 5.0
        checkedTime: dateTime
        host: HostSystem
        status: string
        error: AnswerFileStatusError[]?

enum AnswerFileValidationInfoStatus 6.7
        success
        failed
        failed_defaults

enum AnswerFileValidationResultStatus 5.1
        success
        needInput
        error

data ApplyHostProfileConfigurationResult : DynamicData 6.5
        startTime: dateTime
        completeTime: dateTime
        host: HostSystem
        status: string
        errors: LocalizedMethodFault[]?

enum ApplyHostProfileConfigurationResultStatus 6.5
        success
        failed
        reboot_failed
        stateless_reboot_failed
        check_compliance_failed
        state_not_satisfied
        exit_maintenancemode_failed
        canceled

data ApplyHostProfileConfigurationSpec : ProfileExecuteResult 6.5
        host: HostSystem
        taskListRequirement: string[]?
        taskDescription: LocalizableMessage[]?
        rebootStateless: boolean?
        rebootHost: boolean?
        faultData: LocalizedMethodFault?

data ApplyProfile : DynamicData 4.0
        enabled: boolean
        policy: ProfilePolicy[]?
        profileTypeName: string? 5.0
        profileVersion: string? 5.0
        property: ProfileApplyProfileProperty[]? 5.0
        favorite: boolean? 6.5
        toBeMerged: boolean? 6.5
        toReplaceWith: boolean? 6.5
        toBeDeleted: boolean? 6.5
        copyEnableStatus: boolean? 6.5
        hidden: boolean? 6.7

data AuthenticationProfile : ApplyProfile 4.1
        activeDirectory: ActiveDirectoryProfile?

managed ClusterProfile : Profile 4.0
        UpdateClusterProfile(config: ClusterProfileConfigSpec): void
                needs Profile.Edit
                throws DuplicateName

data ClusterProfileCompleteConfigSpec : ClusterProfileConfigSpec 4.0
        complyProfile: ComplianceProfile?

data ClusterProfileConfigInfo : ProfileConfigInfo 4.0
        complyProfile: ComplianceProfile?

data ClusterProfileConfigServiceCreateSpec : ClusterProfileConfigSpec 4.0
        serviceType: string[]?

data ClusterProfileConfigSpec : ClusterProfileCreateSpec 4.0

data ClusterProfileCreateSpec : ProfileCreateSpec 4.0

managed ClusterProfileManager : ProfileManager 4.0

enum ClusterProfileServiceType 4.0
        DRS
        HA
        DPM
        FT

data ComplianceFailure : DynamicData 4.0
        failureType: string
        message: LocalizableMessage
        expressionName: string?
        failureValues: ComplianceFailureComplianceFailureValues[]? 6.5

data ComplianceFailureComplianceFailureValues : DynamicData 6.5
        comparisonIdentifier: string
        profileInstance: string?
        hostValue: anyType?
        profileValue: anyType?

data ComplianceLocator : DynamicData 4.0
        expressionName: string
        applyPath: ProfilePropertyPath

data ComplianceProfile : DynamicData 4.0
        expression: ProfileExpression[]
        rootExpression: string

data ComplianceResult : DynamicData 4.0
        profile: Profile?
        complianceStatus: string
        entity: ManagedEntity?
        checkTime: dateTime?
        failure: ComplianceFailure[]?

enum ComplianceResultStatus 4.0
        compliant
        nonCompliant
        unknown
        running 6.7

data CompositePolicyOption : PolicyOption 4.0
        option: PolicyOption[]?

data DateTimeProfile : ApplyProfile 4.0

data DvsHostVNicProfile : DvsVNicProfile 4.0

data DvsProfile : ApplyProfile 4.0
        key: string
        name: string
        uplink: PnicUplinkProfile[]?

data DvsServiceConsoleVNicProfile : DvsVNicProfile 4.0

data DvsVNicProfile : ApplyProfile 4.0
        key: string
        ipConfig: IpAddressProfile

data FirewallProfile : ApplyProfile 4.0
        ruleset: FirewallProfileRulesetProfile[]?

data FirewallProfileRulesetProfile : ApplyProfile 4.0
        key: string

data HostApplyProfile : ApplyProfile 4.0
        memory: HostMemoryProfile?
        storage: StorageProfile?
        network: NetworkProfile?
        datetime: DateTimeProfile?
        firewall: FirewallProfile?
        security: SecurityProfile?
        service: ServiceProfile[]?
        option: OptionProfile[]?
        userAccount: UserProfile[]?
        usergroupAccount: UserGroupProfile[]?
        authentication: AuthenticationProfile? 4.1

data HostMemoryProfile : ApplyProfile 4.0

data HostPortGroupProfile : PortGroupProfile 4.0
        ipConfig: IpAddressProfile

managed HostProfile : Profile 4.0
        validationState: string? 6.7
        validationStateUpdateTime: dateTime? 6.7
        validationFailureInfo: HostProfileValidationFailureInfo? 6.7
        referenceHost: HostSystem?
        HostProfileResetValidationState(): void 6.7
                needs Profile.Edit
        UpdateReferenceHost(host: HostSystem?): void
                needs Profile.Edit
        UpdateHostProfile(config: HostProfileConfigSpec): void
                needs Profile.Edit
                throws DuplicateName ProfileUpdateFailed
        ExecuteHostProfile(host: HostSystem, deferredParam: ProfileDeferredPolicyOptionParameter[]?): ProfileExecuteResult
                needs System.View

data HostProfileCompleteConfigSpec : HostProfileConfigSpec 4.0
        applyProfile: HostApplyProfile?
        customComplyProfile: ComplianceProfile?
        disabledExpressionListChanged: boolean
        disabledExpressionList: string[]?
        validatorHost: HostSystem? 5.0
        validating: boolean? 6.0
        hostConfig: HostProfileConfigInfo? 6.5

data HostProfileConfigInfo : ProfileConfigInfo 4.0
        applyProfile: HostApplyProfile?
        defaultComplyProfile: ComplianceProfile?
        defaultComplyLocator: ComplianceLocator[]?
        customComplyProfile: ComplianceProfile?
        disabledExpressionList: string[]?
        description: ProfileDescription? 6.5

data HostProfileConfigSpec : ProfileCreateSpec 4.0

data HostProfileHostBasedConfigSpec : HostProfileConfigSpec 4.0
        host: HostSystem
        useHostProfileEngine: boolean? 5.0

managed HostProfileManager : ProfileManager 4.0
        ApplyHostConfig_Task(host: HostSystem, configSpec: HostConfigSpec, userInput: ProfileDeferredPolicyOptionParameter[]? 5.0): Task
                throws InvalidState HostConfigFailed
        GenerateConfigTaskList(configSpec: HostConfigSpec, host: HostSystem): HostProfileManagerConfigTaskList
                needs System.View
        GenerateHostProfileTaskList_Task(configSpec: HostConfigSpec, host: HostSystem): Task? 5.5
                needs System.View
        QueryHostProfileMetadata(profileName: TypeName[]?, profile: Profile? 5.0): ProfileMetadata[]?
                needs System.View
        QueryProfileStructure(profile: Profile?): ProfileProfileStructure 5.0
                needs System.View
        CreateDefaultProfile(profileType: TypeName, profileTypeName: string? 5.0, profile: Profile? 5.0): ApplyProfile
                needs System.View
        UpdateAnswerFile_Task(host: HostSystem, configSpec: AnswerFileCreateSpec): Task 5.0
                needs Profile.Edit
                throws AnswerFileUpdateFailed
        RetrieveAnswerFile(host: HostSystem): AnswerFile? 5.0
        RetrieveAnswerFileForProfile(host: HostSystem, applyProfile: HostApplyProfile): AnswerFile? 5.1
        ExportAnswerFile_Task(host: HostSystem): Task 5.0
                needs Profile.Export
        CheckAnswerFileStatus_Task(host: HostSystem[]): Task? 5.0
                needs System.View
        QueryAnswerFileStatus(host: HostSystem[]): AnswerFileStatusResult[]? 5.0
                needs System.View
        UpdateHostCustomizations_Task(hostToConfigSpecMap: HostProfileManagerHostToConfigSpecMap[]?): Task? 6.5
                needs Profile.Edit
        RetrieveHostCustomizations(hosts: HostSystem[]?): StructuredCustomizations[]? 6.5
        RetrieveHostCustomizationsForProfile(hosts: HostSystem[]?, applyProfile: HostApplyProfile): StructuredCustomizations[]? 6.5
        GenerateHostConfigTaskSpec_Task(hostsInfo: StructuredCustomizations[]?): Task? 6.5
                needs System.View
        ApplyEntitiesConfig_Task(applyConfigSpecs: ApplyHostProfileConfigurationSpec[]?): Task? 6.5
        ValidateHostProfileComposition_Task(source: Profile, targets: Profile[]?, toBeMerged: HostApplyProfile?, toReplaceWith: HostApplyProfile?, toBeDeleted: HostApplyProfile?, enableStatusToBeCopied: HostApplyProfile?, errorOnly: boolean?): Task? 6.5
                needs Profile.Edit
        CompositeHostProfile_Task(source: Profile, targets: Profile[]?, toBeMerged: HostApplyProfile?, toBeReplacedWith: HostApplyProfile?, toBeDeleted: HostApplyProfile?, enableStatusToBeCopied: HostApplyProfile?): Task? 6.5
                needs Profile.Edit

enum HostProfileManagerAnswerFileStatus 5.0
        valid
        invalid
        unknown

data HostProfileManagerCompositionResult : DynamicData 6.5
        errors: LocalizableMessage[]?
        results: HostProfileManagerCompositionResultResultElement[]?

data HostProfileManagerCompositionResultResultElement : DynamicData 6.5
        target: Profile
        status: string
        errors: LocalizableMessage[]?

enum HostProfileManagerCompositionResultResultElementStatus 6.5
        success
        error

data HostProfileManagerCompositionValidationResult : DynamicData 6.5
        results: HostProfileManagerCompositionValidationResultResultElement[]?
        errors: LocalizableMessage[]?

data HostProfileManagerCompositionValidationResultResultElement : DynamicData 6.5
        target: Profile
        status: string
        errors: LocalizableMessage[]?
        sourceDiffForToBeMerged: HostApplyProfile?
        targetDiffForToBeMerged: HostApplyProfile?
        toBeAdded: HostApplyProfile?
        toBeDeleted: HostApplyProfile?
        toBeDisabled: HostApplyProfile?
        toBeEnabled: HostApplyProfile?
        toBeReenableCC: HostApplyProfile?

enum HostProfileManagerCompositionValidationResultResultElementStatus 6.5
        success
        error

data HostProfileManagerConfigTaskList : DynamicData 4.0
        configSpec: HostConfigSpec?
        taskDescription: LocalizableMessage[]?
        taskListRequirement: string[]? 6.0

data HostProfileManagerHostToConfigSpecMap : DynamicData 6.5
        host: HostSystem
        configSpec: AnswerFileCreateSpec

enum HostProfileManagerMetadataTypes 6.5
        profile
        policy
        component
        category

enum HostProfileManagerTaskListRequirement 6.0
        maintenanceModeRequired
        rebootRequired

data HostProfileSerializedHostProfileSpec : ProfileSerializedCreateSpec 5.0
        validatorHost: HostSystem?
        validating: boolean? 6.0

data HostProfileValidationFailureInfo : DynamicData 6.7
        name: string
        annotation: string
        updateType: string
        host: HostSystem?
        applyProfile: HostApplyProfile?
        failures: ProfileUpdateFailedUpdateFailure[]?
        faults: LocalizedMethodFault[]?

enum HostProfileValidationFailureInfoUpdateType 6.7
        HostBased
        Import
        Edit
        Compose

enum HostProfileValidationState 6.7
        Ready
        Running
        Failed

data HostProfilesEntityCustomizations : DynamicData 6.5

data HostSpecification : DynamicData 6.5
        createdTime: dateTime
        lastModified: dateTime?
        host: HostSystem
        subSpecs: HostSubSpecification[]?
        changeID: string?

managed HostSpecificationManager : ManagedObject 6.5
        UpdateHostSpecification(host: HostSystem, hostSpec: HostSpecification): void
                needs Profile.Edit
                throws HostSpecificationOperationFailed
        UpdateHostSubSpecification(host: HostSystem, hostSubSpec: HostSubSpecification): void
                needs Profile.Edit
                throws HostSpecificationOperationFailed
        RetrieveHostSpecification(host: HostSystem, fromHost: boolean): HostSpecification
                needs System.View
                throws HostSpecificationOperationFailed
        DeleteHostSubSpecification(host: HostSystem, subSpecName: string): void
                needs System.View
                throws HostSpecificationOperationFailed
        DeleteHostSpecification(host: HostSystem): void
                needs System.View
                throws HostSpecificationOperationFailed
        HostSpecGetUpdatedHosts(startChangeID: string?, endChangeID: string?): HostSystem[]?
                needs System.View

data HostSubSpecification : DynamicData 6.5
        name: string
        createdTime: dateTime
        data: byte[]?
        binaryData: base64Binary? 6.7

data IpAddressProfile : ApplyProfile 4.0

data IpRouteProfile : ApplyProfile 4.0
        staticRoute: StaticRouteProfile[]?

data LinkProfile : ApplyProfile 4.0

data NasStorageProfile : ApplyProfile 4.0
        key: string

data NetStackInstanceProfile : ApplyProfile 5.5
        key: string
        dnsConfig: NetworkProfileDnsConfigProfile
        ipRouteConfig: IpRouteProfile

data NetworkPolicyProfile : ApplyProfile 4.0

data NetworkProfile : ApplyProfile 4.0
        vswitch: VirtualSwitchProfile[]?
        vmPortGroup: VmPortGroupProfile[]?
        hostPortGroup: HostPortGroupProfile[]?
        serviceConsolePortGroup: ServiceConsolePortGroupProfile[]?
        dnsConfig: NetworkProfileDnsConfigProfile?
        ipRouteConfig: IpRouteProfile?
        consoleIpRouteConfig: IpRouteProfile?
        pnic: PhysicalNicProfile[]?
        dvswitch: DvsProfile[]?
        dvsServiceConsoleNic: DvsServiceConsoleVNicProfile[]?
        dvsHostNic: DvsHostVNicProfile[]?
        nsxHostNic: NsxHostVNicProfile[]? 6.7
        netStackInstance: NetStackInstanceProfile[]? 5.5
        opaqueSwitch: OpaqueSwitchProfile? 7.0

data NetworkProfileDnsConfigProfile : ApplyProfile 4.0

data NsxHostVNicProfile : ApplyProfile 6.7
        key: string
        ipConfig: IpAddressProfile

data NumPortsProfile : ApplyProfile 4.0

data OpaqueSwitchProfile : ApplyProfile 7.0

data OptionProfile : ApplyProfile 4.0
        key: string

data PermissionProfile : ApplyProfile 4.1
        key: string

data PhysicalNicProfile : ApplyProfile 4.0
        key: string

data PnicUplinkProfile : ApplyProfile 4.0
        key: string

data PolicyOption : DynamicData 4.0
        id: string
        parameter: KeyAnyValue[]?

data PortGroupProfile : ApplyProfile 4.0
        key: string
        name: string
        vlan: VlanProfile
        vswitch: VirtualSwitchSelectionProfile
        networkPolicy: NetworkPolicyProfile

managed Profile : ManagedObject 4.0
        config: ProfileConfigInfo needs Profile.Edit
        description: ProfileDescription?
        name: string
        createdTime: dateTime
        modifiedTime: dateTime
        entity: ManagedEntity[]?
        complianceStatus: string
        RetrieveDescription(): ProfileDescription? 5.0
                needs System.View
        DestroyProfile(): void
                needs Profile.Delete
        AssociateProfile(entity: ManagedEntity[]): void
                needs Profile.Edit
        DissociateProfile(entity: ManagedEntity[]?): void
                needs Profile.Edit
        CheckProfileCompliance_Task(entity: ManagedEntity[]?): Task
                needs System.View
        ExportProfile(): string
                needs Profile.Export

data ProfileApplyProfileElement : ApplyProfile 5.0
        key: string

data ProfileApplyProfileProperty : DynamicData 5.0
        propertyName: string
        array: boolean
        profile: ApplyProfile[]?

managed ProfileComplianceManager : ManagedObject 4.0
        CheckCompliance_Task(profile: Profile[]?, entity: ManagedEntity[]?): Task
                needs System.View
        QueryComplianceStatus(profile: Profile[]?, entity: ManagedEntity[]?): ComplianceResult[]?
                needs System.View
        ClearComplianceStatus(profile: Profile[]?, entity: ManagedEntity[]?): void
                needs Profile.Clear
        QueryExpressionMetadata(expressionName: string[]?, profile: Profile? 5.0): ProfileExpressionMetadata[]?
                needs System.View

data ProfileCompositeExpression : ProfileExpression 4.0
        operator: string
        expressionName: string[]

data ProfileCompositePolicyOptionMetadata : ProfilePolicyOptionMetadata 4.0
        option: string[]

data ProfileConfigInfo : DynamicData 4.0
        name: string
        annotation: string?
        enabled: boolean

data ProfileCreateSpec : DynamicData 4.0
        name: string?
        annotation: string?
        enabled: boolean?

data ProfileDeferredPolicyOptionParameter : DynamicData 4.0
        inputPath: ProfilePropertyPath
        parameter: KeyAnyValue[]?

data ProfileDescription : DynamicData 4.0
        section: ProfileDescriptionSection[]

data ProfileDescriptionSection : DynamicData 4.0
        description: ExtendedElementDescription
        message: LocalizableMessage[]?

data ProfileExecuteError : DynamicData 4.0
        path: ProfilePropertyPath?
        message: LocalizableMessage

data ProfileExecuteResult : DynamicData 4.0
        status: string
        configSpec: HostConfigSpec?
        inapplicablePath: PropertyPath[]?
        requireInput: ProfileDeferredPolicyOptionParameter[]?
        error: ProfileExecuteError[]?

enum ProfileExecuteResultStatus 4.0
        success
        needInput
        error

data ProfileExpression : DynamicData 4.0
        id: string
        displayName: string
        negated: boolean

data ProfileExpressionMetadata : DynamicData 4.0
        expressionId: ExtendedElementDescription
        parameter: ProfileParameterMetadata[]?

managed ProfileManager : ManagedObject 4.0
        profile: Profile[]? needs Profile.View
        CreateProfile(createSpec: ProfileCreateSpec): Profile
                needs Profile.Create
                throws DuplicateName
        QueryPolicyMetadata(policyName: string[]?, profile: Profile? 5.0): ProfilePolicyMetadata[]?
                needs System.View
        FindAssociatedProfile(entity: ManagedEntity): Profile[]?
                needs System.View

data ProfileMetadata : DynamicData 4.0
        key: TypeName
        profileTypeName: string? 5.0
        description: ExtendedDescription?
        sortSpec: ProfileMetadataProfileSortSpec[]? 5.0
        profileCategory: string? 5.1
        profileComponent: string? 5.1
        operationMessages: ProfileMetadataProfileOperationMessage[]? 6.7

data ProfileMetadataProfileOperationMessage : DynamicData 6.7
        operationName: string
        message: LocalizableMessage

data ProfileMetadataProfileSortSpec : DynamicData 5.0
        policyId: string
        parameter: string

enum ProfileNumericComparator 4.0
        lessThan
        lessThanEqual
        equal
        notEqual
        greaterThanEqual
        greaterThan

data ProfileParameterMetadata : DynamicData 4.0
        id: ExtendedElementDescription
        type: TypeName
        optional: boolean
        defaultValue: anyType?
        hidden: boolean? 6.5
        securitySensitive: boolean? 6.5
        readOnly: boolean? 6.5
        parameterRelations: ProfileParameterMetadataParameterRelationMetadata[]? 6.7

data ProfileParameterMetadataParameterRelationMetadata : DynamicData 6.7
        relationTypes: string[]?
        values: anyType[]?
        path: ProfilePropertyPath?
        minCount: int
        maxCount: int

enum ProfileParameterMetadataRelationType 6.7
        dynamic_relation
        extensible_relation
        localizable_relation
        static_relation
        validation_relation

data ProfilePolicy : DynamicData 4.0
        id: string
        policyOption: PolicyOption

data ProfilePolicyMetadata : DynamicData 4.0
        id: ExtendedElementDescription
        possibleOption: ProfilePolicyOptionMetadata[]

data ProfilePolicyOptionMetadata : DynamicData 4.0
        id: ExtendedElementDescription
        parameter: ProfileParameterMetadata[]?

data ProfileProfileStructure : DynamicData 5.0
        profileTypeName: string
        child: ProfileProfileStructureProperty[]?

data ProfileProfileStructureProperty : DynamicData 5.0
        propertyName: string
        array: boolean
        element: ProfileProfileStructure

data ProfilePropertyPath : DynamicData 4.0
        profilePath: PropertyPath
        policyId: string?
        parameterId: string? 5.1
        policyOptionId: string? 6.7

data ProfileSerializedCreateSpec : ProfileCreateSpec 4.0
        profileConfigString: string

data ProfileSimpleExpression : ProfileExpression 4.0
        expressionType: string
        parameter: KeyAnyValue[]?

data SecurityProfile : ApplyProfile 4.0
        permission: PermissionProfile[]? 4.1

data ServiceConsolePortGroupProfile : PortGroupProfile 4.0
        ipConfig: IpAddressProfile

data ServiceProfile : ApplyProfile 4.0
        key: string

data StaticRouteProfile : ApplyProfile 4.0
        key: string? 5.1

data StorageProfile : ApplyProfile 4.0
        nasStorage: NasStorageProfile[]?

data StructuredCustomizations : HostProfilesEntityCustomizations 6.5
        entity: ManagedEntity
        customizations: AnswerFile?

data UserGroupProfile : ApplyProfile 4.0
        key: string

data UserInputRequiredParameterMetadata : ProfilePolicyOptionMetadata 4.0
        userInputParameter: ProfileParameterMetadata[]?

data UserProfile : ApplyProfile 4.0
        key: string

data VirtualSwitchProfile : ApplyProfile 4.0
        key: string
        name: string
        link: LinkProfile
        numPorts: NumPortsProfile
        networkPolicy: NetworkPolicyProfile

data VirtualSwitchSelectionProfile : ApplyProfile 4.0

data VlanProfile : ApplyProfile 4.0

data VmPortGroupProfile : PortGroupProfile 4.0

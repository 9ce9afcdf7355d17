# SPDX-License-Identifier: LGPL-2.1-or-later

data FileTransferInformation : DynamicData 5.0
        attributes: GuestFileAttributes
        size: long
        url: string

managed GuestAliasManager : ManagedObject 6.0
        AddGuestAlias(vm: VirtualMachine, auth: GuestAuthentication, username: string, mapCert: boolean, base64Cert: string, aliasInfo: GuestAuthAliasInfo): void
                throws GuestOperationsFault InvalidState TaskInProgress
        RemoveGuestAlias(vm: VirtualMachine, auth: GuestAuthentication, username: string, base64Cert: string, subject: GuestAuthSubject): void
                throws GuestOperationsFault InvalidState TaskInProgress
        RemoveGuestAliasByCert(vm: VirtualMachine, auth: GuestAuthentication, username: string, base64Cert: string): void
                throws GuestOperationsFault InvalidState TaskInProgress
        ListGuestAliases(vm: VirtualMachine, auth: GuestAuthentication, username: string): GuestAliases[]?
                throws GuestOperationsFault InvalidState TaskInProgress
        ListGuestMappedAliases(vm: VirtualMachine, auth: GuestAuthentication): GuestMappedAliases[]?
                throws GuestOperationsFault InvalidState TaskInProgress

data GuestAliases : DynamicData 6.0
        base64Cert: string
        aliases: GuestAuthAliasInfo[]

data GuestAuthAliasInfo : DynamicData 6.0
        subject: GuestAuthSubject
        comment: string

data GuestAuthAnySubject : GuestAuthSubject 6.0

managed GuestAuthManager : ManagedObject 5.0
        ValidateCredentialsInGuest(vm: VirtualMachine, auth: GuestAuthentication): void
                throws GuestOperationsFault InvalidState TaskInProgress
        AcquireCredentialsInGuest(vm: VirtualMachine, requestedAuth: GuestAuthentication, sessionID: long?): GuestAuthentication
                throws GuestOperationsFault TaskInProgress InvalidState
        ReleaseCredentialsInGuest(vm: VirtualMachine, auth: GuestAuthentication): void
                throws GuestOperationsFault TaskInProgress InvalidState

data GuestAuthNamedSubject : GuestAuthSubject 6.0
        name: string

data GuestAuthSubject : DynamicData 6.0

data GuestAuthentication : DynamicData 5.0
        interactiveSession: boolean

data GuestFileAttributes : DynamicData 5.0
        modificationTime: dateTime?
        accessTime: dateTime?
        symlinkTarget: string?

data GuestFileInfo : DynamicData 5.0
        path: string
        type: string
        size: long
        attributes: GuestFileAttributes

managed GuestFileManager : ManagedObject 5.0
        MakeDirectoryInGuest(vm: VirtualMachine, auth: GuestAuthentication, directoryPath: string, createParentDirectories: boolean): void
                throws GuestOperationsFault InvalidState TaskInProgress FileFault
        DeleteFileInGuest(vm: VirtualMachine, auth: GuestAuthentication, filePath: string): void
                throws GuestOperationsFault InvalidState TaskInProgress FileFault
        DeleteDirectoryInGuest(vm: VirtualMachine, auth: GuestAuthentication, directoryPath: string, recursive: boolean): void
                throws GuestOperationsFault InvalidState TaskInProgress FileFault
        MoveDirectoryInGuest(vm: VirtualMachine, auth: GuestAuthentication, srcDirectoryPath: string, dstDirectoryPath: string): void
                throws GuestOperationsFault InvalidState TaskInProgress FileFault
        MoveFileInGuest(vm: VirtualMachine, auth: GuestAuthentication, srcFilePath: string, dstFilePath: string, overwrite: boolean): void
                throws GuestOperationsFault InvalidState TaskInProgress FileFault
        CreateTemporaryFileInGuest(vm: VirtualMachine, auth: GuestAuthentication, prefix: string, suffix: string, directoryPath: string?): string
                throws GuestOperationsFault InvalidState TaskInProgress FileFault
        CreateTemporaryDirectoryInGuest(vm: VirtualMachine, auth: GuestAuthentication, prefix: string, suffix: string, directoryPath: string?): string
                throws GuestOperationsFault InvalidState TaskInProgress FileFault
        ListFilesInGuest(vm: VirtualMachine, auth: GuestAuthentication, filePath: string, index: int?, maxResults: int?, matchPattern: string?): GuestListFileInfo
                throws GuestOperationsFault InvalidState TaskInProgress FileFault
        ChangeFileAttributesInGuest(vm: VirtualMachine, auth: GuestAuthentication, guestFilePath: string, fileAttributes: GuestFileAttributes): void
                throws GuestOperationsFault InvalidState TaskInProgress FileFault
        InitiateFileTransferFromGuest(vm: VirtualMachine, auth: GuestAuthentication, guestFilePath: string): FileTransferInformation
                throws GuestOperationsFault InvalidState TaskInProgress FileFault
        InitiateFileTransferToGuest(vm: VirtualMachine, auth: GuestAuthentication, guestFilePath: string, fileAttributes: GuestFileAttributes, fileSize: long, overwrite: boolean): string
                throws GuestOperationsFault InvalidState TaskInProgress FileFault

enum GuestFileType 5.0
        file
        directory
        symlink

data GuestListFileInfo : DynamicData 5.0
        files: GuestFileInfo[]?
        remaining: int

data GuestMappedAliases : DynamicData 6.0
        base64Cert: string
        username: string
        subjects: GuestAuthSubject[]

managed GuestOperationsManager : ManagedObject 5.0
        authManager: GuestAuthManager? needs System.Anonymous
        fileManager: GuestFileManager? needs System.Anonymous
        processManager: GuestProcessManager? needs System.Anonymous
        guestWindowsRegistryManager: GuestWindowsRegistryManager? 6.0 needs System.Anonymous
        aliasManager: GuestAliasManager? 6.0 needs System.Anonymous

data GuestPosixFileAttributes : GuestFileAttributes 5.0
        ownerId: int?
        groupId: int?
        permissions: long?

data GuestProcessInfo : DynamicData 5.0
        name: string
        pid: long
        owner: string
        cmdLine: string
        startTime: dateTime
        endTime: dateTime?
        exitCode: int?

managed GuestProcessManager : ManagedObject 5.0
        StartProgramInGuest(vm: VirtualMachine, auth: GuestAuthentication, spec: GuestProgramSpec): long
                throws GuestOperationsFault InvalidState TaskInProgress FileFault
        ListProcessesInGuest(vm: VirtualMachine, auth: GuestAuthentication, pids: long[]?): GuestProcessInfo[]?
                throws GuestOperationsFault InvalidState TaskInProgress
        TerminateProcessInGuest(vm: VirtualMachine, auth: GuestAuthentication, pid: long): void
                throws GuestOperationsFault InvalidState TaskInProgress
        ReadEnvironmentVariableInGuest(vm: VirtualMachine, auth: GuestAuthentication, names: string[]?): string[]?
                throws GuestOperationsFault InvalidState TaskInProgress

data GuestProgramSpec : DynamicData 5.0
        programPath: string
        arguments: string
        workingDirectory: string?
        envVariables: string[]?

data GuestRegKeyNameSpec : DynamicData 6.0
        registryPath: string
        wowBitness: string

data GuestRegKeyRecordSpec : DynamicData 6.0
        key: GuestRegKeySpec
        fault: LocalizedMethodFault?

data GuestRegKeySpec : DynamicData 6.0
        keyName: GuestRegKeyNameSpec
        classType: string
        lastWritten: dateTime

enum GuestRegKeyWowSpec 6.0
        WOWNative
        WOW32
        WOW64

data GuestRegValueBinarySpec : GuestRegValueDataSpec 6.0
        value: base64Binary?

data GuestRegValueDataSpec : DynamicData 6.0

data GuestRegValueDwordSpec : GuestRegValueDataSpec 6.0
        value: int

data GuestRegValueExpandStringSpec : GuestRegValueDataSpec 6.0
        value: string?

data GuestRegValueMultiStringSpec : GuestRegValueDataSpec 6.0
        value: string[]?

data GuestRegValueNameSpec : DynamicData 6.0
        keyName: GuestRegKeyNameSpec
        name: string

data GuestRegValueQwordSpec : GuestRegValueDataSpec 6.0
        value: long

data GuestRegValueSpec : DynamicData 6.0
        name: GuestRegValueNameSpec
        data: GuestRegValueDataSpec

data GuestRegValueStringSpec : GuestRegValueDataSpec 6.0
        value: string?

data GuestWindowsFileAttributes : GuestFileAttributes 5.0
        hidden: boolean?
        readOnly: boolean?
        createTime: dateTime?

data GuestWindowsProgramSpec : GuestProgramSpec 5.0
        startMinimized: boolean

managed GuestWindowsRegistryManager : ManagedObject 6.0
        CreateRegistryKeyInGuest(vm: VirtualMachine, auth: GuestAuthentication, keyName: GuestRegKeyNameSpec, isVolatile: boolean, classType: string?): void
                throws GuestOperationsFault InvalidState TaskInProgress
        ListRegistryKeysInGuest(vm: VirtualMachine, auth: GuestAuthentication, keyName: GuestRegKeyNameSpec, recursive: boolean, matchPattern: string?): GuestRegKeyRecordSpec[]?
                throws GuestOperationsFault InvalidState TaskInProgress
        DeleteRegistryKeyInGuest(vm: VirtualMachine, auth: GuestAuthentication, keyName: GuestRegKeyNameSpec, recursive: boolean): void
                throws GuestOperationsFault InvalidState TaskInProgress
        SetRegistryValueInGuest(vm: VirtualMachine, auth: GuestAuthentication, value: GuestRegValueSpec): void
                throws GuestOperationsFault InvalidState TaskInProgress
        ListRegistryValuesInGuest(vm: VirtualMachine, auth: GuestAuthentication, keyName: GuestRegKeyNameSpec, expandStrings: boolean, matchPattern: string?): GuestRegValueSpec[]?
                throws GuestOperationsFault InvalidState TaskInProgress
        DeleteRegistryValueInGuest(vm: VirtualMachine, auth: GuestAuthentication, valueName: GuestRegValueNameSpec): void
                throws GuestOperationsFault InvalidState TaskInProgress

data NamePasswordAuthentication : GuestAuthentication 5.0
        username: string
        password: string

data SAMLTokenAuthentication : GuestAuthentication 6.0
        token: string
        username: string?

data SSPIAuthentication : GuestAuthentication 5.0
        sspiToken: string

data TicketedSessionAuthentication : GuestAuthentication 5.0
        ticket: string

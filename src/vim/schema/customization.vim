# SPDX-License-Identifier: LGPL-2.1-or-later

data CustomizationAdapterMapping : DynamicData 2.0
        macAddress: string?
        adapter: CustomizationIPSettings

data CustomizationAutoIpV6Generator : CustomizationIpV6Generator 4.0

data CustomizationCustomIpGenerator : CustomizationIpGenerator 2.0
        argument: string?

data CustomizationCustomIpV6Generator : CustomizationIpV6Generator 4.0
        argument: string?

data CustomizationCustomName : CustomizationName 2.0
        argument: string?

data CustomizationDhcpIpGenerator : CustomizationIpGenerator 2.0

data CustomizationDhcpIpV6Generator : CustomizationIpV6Generator 4.0

data CustomizationFixedIp : CustomizationIpGenerator 2.0
        ipAddress: string

data CustomizationFixedIpV6 : CustomizationIpV6Generator 4.0
        ipAddress: string
        subnetMask: int

data CustomizationFixedName : CustomizationName 2.0
        name: string

data CustomizationGlobalIPSettings : DynamicData 2.0
        dnsSuffixList: string[]?
        dnsServerList: string[]?

data CustomizationGuiRunOnce : DynamicData 2.0
        commandList: string[]

data CustomizationGuiUnattended : DynamicData 2.0
        password: CustomizationPassword?
        timeZone: int
        autoLogon: boolean
        autoLogonCount: int

data CustomizationIPSettings : DynamicData 2.0
        ip: CustomizationIpGenerator
        subnetMask: string?
        gateway: string[]?
        ipV6Spec: CustomizationIPSettingsIpV6AddressSpec? 4.0
        dnsServerList: string[]?
        dnsDomain: string?
        primaryWINS: string?
        secondaryWINS: string?
        netBIOS: CustomizationNetBIOSMode?

data CustomizationIPSettingsIpV6AddressSpec : DynamicData 4.0
        ip: CustomizationIpV6Generator[]
        gateway: string[]?

data CustomizationIdentification : DynamicData 2.0
        joinWorkgroup: string?
        joinDomain: string?
        domainAdmin: string?
        domainAdminPassword: CustomizationPassword?

data CustomizationIdentitySettings : DynamicData 2.0

data CustomizationIpGenerator : DynamicData 2.0

data CustomizationIpV6Generator : DynamicData 4.0

enum CustomizationLicenseDataMode 2.0
        perServer
        perSeat

data CustomizationLicenseFilePrintData : DynamicData 2.0
        autoMode: CustomizationLicenseDataMode
        autoUsers: int?

data CustomizationLinuxOptions : CustomizationOptions 2.0

data CustomizationLinuxPrep : CustomizationIdentitySettings 2.0
        hostName: CustomizationName
        domain: string
        timeZone: string? 4.0
        hwClockUTC: boolean? 4.0
        scriptText: string? 7.0

data CustomizationName : DynamicData 2.0

enum CustomizationNetBIOSMode 2.0
        enableNetBIOSViaDhcp
        enableNetBIOS
        disableNetBIOS

data CustomizationOptions : DynamicData 2.0

data CustomizationPassword : DynamicData 2.0
        value: string
        plainText: boolean

data CustomizationPrefixName : CustomizationName 2.0
        base: string

data CustomizationSpec : DynamicData 2.0
        options: CustomizationOptions?
        identity: CustomizationIdentitySettings
        globalIPSettings: CustomizationGlobalIPSettings
        nicSettingMap: CustomizationAdapterMapping[]?
        encryptionKey: byte[]?

data CustomizationStatelessIpV6Generator : CustomizationIpV6Generator 4.0

data CustomizationSysprep : CustomizationIdentitySettings 2.0
        guiUnattended: CustomizationGuiUnattended
        userData: CustomizationUserData
        guiRunOnce: CustomizationGuiRunOnce?
        identification: CustomizationIdentification
        licenseFilePrintData: CustomizationLicenseFilePrintData?

enum CustomizationSysprepRebootOption 2.5
        reboot
        noreboot
        shutdown

data CustomizationSysprepText : CustomizationIdentitySettings 2.0
        value: string

data CustomizationUnknownIpGenerator : CustomizationIpGenerator 2.0

data CustomizationUnknownIpV6Generator : CustomizationIpV6Generator 4.0

data CustomizationUnknownName : CustomizationName 2.0

data CustomizationUserData : DynamicData 2.0
        fullName: string
        orgName: string
        computerName: CustomizationName
        productId: string

data CustomizationVirtualMachineName : CustomizationName 2.0

data CustomizationWinOptions : CustomizationOptions 2.0
        changeSID: boolean
        deleteAccounts: boolean
        reboot: CustomizationSysprepRebootOption? 2.5
